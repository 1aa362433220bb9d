"""Compiles the Fashion-MNIST checkpoint and classifies its 256 test images.

    python fashion.py FOLDER
"""
import sys
import time

import mobileone
import numpy as np

folder = sys.argv[1]


def resize(images):
    """28x28 to 64x64 as the network was trained: bilinear, half-pixel centres."""
    source = np.maximum((np.arange(64) + 0.5) * 28 / 64 - 0.5, 0)
    low = source.astype(int)
    high, weight = np.minimum(low + 1, 27), source - low
    rows = images[:, low] * (1 - weight)[:, None] + images[:, high] * weight[:, None]
    return rows[:, :, low] * (1 - weight) + rows[:, :, high] * weight


start = time.perf_counter()
model = mobileone.compile(f"{folder}/mobileone_s0_fashion.safetensors", image_size=64,
                          mean=[0.2860] * 3, std=[0.3530] * 3)
compiled = time.perf_counter()
print(model)

pixels = np.fromfile(f"{folder}/images_u8.bin", np.uint8).reshape(-1, 28, 28)
labels = np.fromfile(f"{folder}/labels_u8.bin", np.uint8)
gray = (resize(pixels) / 255 - 0.2860) / 0.3530
images = np.repeat(gray[:, np.newaxis], 3, axis=1)  # the same in red, green and blue

logits = model(images, threads=0)
right = (logits.argmax(axis=1) == labels).sum()
expected = np.fromfile(f"{folder}/logits_f32.bin", np.float32).reshape(logits.shape)
print(f"{right} of {len(labels)} right, largest difference from the float64 network "
      f"{np.abs(logits - expected).max():.2g}")
print(f"compiled in {compiled - start:.1f} s, ran in {time.perf_counter() - compiled:.2f} s",
      file=sys.stderr)
