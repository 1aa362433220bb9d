"""Classifies many images on many machines, as a Spark job.

    spark-submit classify.py MODEL.so IMAGES OUT

IMAGES is a folder of files, or a Parquet table (NAME.parquet) with the columns path
and content. OUT becomes a Parquet table: path, class, probability, error. An image
that cannot be read is a row with an error; the others do not notice.
"""
import io
import re
import sys

import mobileone
import numpy as np
import pyarrow
from pyspark.sql import SparkSession

SCHEMA = "path string, class int, probability float, error string"


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


def classify(model, path, content):
    try:
        logits = model(model.prepare(decode(content)))
    except Exception as error:
        return path, None, None, f"{type(error).__name__}: {error}"
    exponentials = np.exp(logits - logits.max())
    best = int(logits.argmax())
    return path, best, float(exponentials[best] / exponentials.sum()), None


def main():
    library, images, out = sys.argv[1:]
    spark = SparkSession.builder.appName("mobileone").getOrCreate()
    # A model pickles with the bytes of its file. Of a broadcast, each Python worker
    # unpickles it once, however many tasks it runs.
    model = spark.sparkContext.broadcast(mobileone.load(library))

    def classify_batches(batches):
        for batch in batches:
            rows = [classify(model.value, path, content) for path, content in
                    zip(batch["path"].to_pylist(), batch["content"].to_pylist())]
            columns = list(zip(*rows)) or [[]] * 4
            types = [pyarrow.string(), pyarrow.int32(), pyarrow.float32(), pyarrow.string()]
            yield pyarrow.RecordBatch.from_arrays(
                [pyarrow.array(column, type) for column, type in zip(columns, types)],
                names=["path", "class", "probability", "error"])

    if images.endswith(".parquet"):
        table = spark.read.parquet(images)
    else:
        table = (spark.read.format("binaryFile").option("recursiveFileLookup", True).load(images))
    results = table.select("path", "content").mapInArrow(classify_batches, SCHEMA)
    results.write.option("compression", "zstd").parquet(out)
    spark.stop()


if __name__ == "__main__":
    main()
