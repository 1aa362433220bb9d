"""Classifies many images on many machines, as a Ray job.

    python classify.py MODEL.so IMAGES OUT [WORKERS]

IMAGES is a folder of files, or a Parquet table (NAME.parquet) with the columns path
and bytes. OUT becomes a Parquet table: path, class, probability, error. An image
that cannot be read is a row with an error; the others do not notice.
"""
import io
import re
import sys

import mobileone
import numpy as np
import ray


def decode(content):
    """RGB pixels, uint8 [H, W, 3]: of a PPM file, and with Pillow of any other."""
    ppm = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", content)
    if ppm:
        width, height = int(ppm[1]), int(ppm[2])
        pixels = np.frombuffer(content, np.uint8, offset=ppm.end())
        if pixels.size != height * width * 3:
            raise ValueError(f"expects {height * width * 3} bytes of pixels, but got {pixels.size}")
        return pixels.reshape(height, width, 3)
    from PIL import Image
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


class Classifier:
    """One for each worker process, which gets the model once."""

    def __init__(self, model):
        self.model = model

    def classify(self, content):
        try:
            logits = self.model(self.model.prepare(decode(content)))
        except Exception as error:
            return -1, np.nan, f"{type(error).__name__}: {error}"
        exponentials = np.exp(logits - logits.max())
        best = int(logits.argmax())
        return best, exponentials[best] / exponentials.sum(), None

    def __call__(self, batch):
        rows = [self.classify(content) for content in batch["bytes"]]
        classes, probabilities, errors = zip(*rows)
        return {"path": batch["path"], "class": np.array(classes, np.int32),
                "probability": np.array(probabilities, np.float32),
                "error": np.array(errors, object)}


def main():
    library, images, out = sys.argv[1:4]
    workers = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    if images.endswith(".parquet"):
        table = ray.data.read_parquet(images)
    else:
        table = ray.data.read_binary_files(images, include_paths=True)
    # A model pickles with the bytes of its file: no shared folder is needed.
    results = table.map_batches(Classifier, fn_constructor_args=[mobileone.load(library)],
                                batch_size=64, concurrency=workers,
                                num_cpus=0.5)  # leaves cores for reading
    results.write_parquet(out, compression="zstd")


if __name__ == "__main__":
    main()
