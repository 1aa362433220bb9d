"""Writes what the integration tests compare with, as raw arrays.

    golden.py expected GOLDENS VARIANT OUT    the two golden images and logits
    golden.py image GOLDENS HxW OUT.npy       the corner of the first golden image
    golden.py imagenet IMAGENET OUT           eight crops in three forms, logits
    golden.py fashion FASHION OUT             256 images in float, logits
"""
import json
import os
import sys

import numpy as np


def save(folder, name, array, dtype=np.float32):
    np.ascontiguousarray(array, dtype).tofile(os.path.join(folder, name))


def write_expected(data, variant, folder):
    sys.path.insert(0, data)
    import generate
    save(folder, "images.bin", np.concatenate([generate.make_input(1, i) for i in (0, 1)]))
    with open(os.path.join(data, f"expected_{variant}.json")) as file:
        save(folder, "logits.bin", json.load(file)["multi_branch_float64"])


def write_image(data, size, path):
    sys.path.insert(0, data)
    import generate
    height, width = map(int, size.split("x"))
    image = generate.make_input(1, 0).reshape(1, 3, 224, 224)[:, :, :height, :width]
    np.save(path, np.ascontiguousarray(image, np.float32))


def write_imagenet(data, folder):
    crops = np.load(os.path.join(data, "crops8.npy"))
    floats = (crops / 255.0 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    save(folder, "u8-nhwc.bin", crops, np.uint8)
    save(folder, "f32-nhwc.bin", floats)
    save(folder, "f32-nchw.bin", floats.transpose(0, 3, 1, 2))
    save(folder, "logits.bin", np.load(os.path.join(data, "crops8_logits_f64.npy")))


def resize(image):
    """28x28 to 64x64 as examples/fashion/README.md says: every step is exact."""
    s = np.maximum((np.arange(64) + 0.5) * 28 / 64 - 0.5, 0)
    low = np.floor(s).astype(int)
    high, f = np.minimum(low + 1, 27), s - low
    rows = image[low] * (1 - f)[:, None] + image[high] * f[:, None]
    return rows[:, low] * (1 - f) + rows[:, high] * f


def write_fashion(data, folder):
    pixels = np.fromfile(os.path.join(data, "images_u8.bin"), np.uint8).reshape(-1, 28, 28)
    images = np.stack([resize(image.astype(np.float64)) for image in pixels])
    images = (images / 255 - 0.2860) / 0.3530
    save(folder, "images.bin", np.repeat(images[:, None], 3, axis=1))
    save(folder, "logits.bin", np.fromfile(os.path.join(data, "logits_f32.bin"), np.float32))


{"expected": write_expected, "image": write_image, "imagenet": write_imagenet,
 "fashion": write_fashion}[sys.argv[1]](*sys.argv[2:])
