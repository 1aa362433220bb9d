"""Writes what the integration tests compare with, as raw arrays.

    golden.py SHARED weights VARIANT LAYOUT FORM OUT    a checkpoint
    golden.py SHARED expected VARIANT DIR               the two golden images and logits
    golden.py SHARED imagenet DIR                       eight crops in three forms, logits
    golden.py SHARED fashion DIR                        256 images in float, logits
"""
import json
import os
import subprocess
import sys

import numpy as np

shared, what, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
sys.path.insert(0, os.path.join(shared, "goldens"))


def save(folder, name, array, dtype=np.float32):
    np.ascontiguousarray(array, dtype).tofile(os.path.join(folder, name))


def write_weights(variant, layout, form, out):
    subprocess.run([sys.executable, os.path.join(shared, "goldens", "generate.py"),
                    "--variant", variant, "--layout", layout, "--form", form, "--out", out],
                   check=True)


def write_expected(variant, folder):
    import generate
    save(folder, "images.bin", np.concatenate([generate.make_input(1, i) for i in (0, 1)]))
    with open(os.path.join(shared, "goldens", f"expected_{variant}.json")) as file:
        save(folder, "logits.bin", json.load(file)["multi_branch_float64"])


def write_imagenet(folder):
    data = os.path.join(shared, "imagenet-s0")
    crops = np.load(os.path.join(data, "crops8.npy"))
    floats = (crops / 255.0 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    save(folder, "u8-nhwc.bin", crops, np.uint8)
    save(folder, "f32-nhwc.bin", floats)
    save(folder, "f32-nchw.bin", floats.transpose(0, 3, 1, 2))
    save(folder, "logits.bin", np.load(os.path.join(data, "crops8_logits_f64.npy")))


def resize(image):
    """28x28 to 64x64 as fashion-s0/README.md says: every step is exact."""
    s = np.maximum((np.arange(64) + 0.5) * 28 / 64 - 0.5, 0)
    low = np.floor(s).astype(int)
    high, f = np.minimum(low + 1, 27), s - low
    rows = image[low] * (1 - f)[:, None] + image[high] * f[:, None]
    return rows[:, low] * (1 - f) + rows[:, high] * f


def write_fashion(folder):
    data = os.path.join(shared, "fashion-s0")
    pixels = np.fromfile(os.path.join(data, "images_u8.bin"), np.uint8).reshape(-1, 28, 28)
    images = np.stack([resize(image.astype(np.float64)) for image in pixels])
    images = (images / 255 - 0.2860) / 0.3530
    save(folder, "images.bin", np.repeat(images[:, None], 3, axis=1))
    save(folder, "logits.bin", np.fromfile(os.path.join(data, "logits_f32.bin"), np.float32))


{"weights": write_weights, "expected": write_expected, "imagenet": write_imagenet,
 "fashion": write_fashion}[what](*arguments)
