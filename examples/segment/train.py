"""Finds the weights of the decoder, step by step, by least squares, and writes them.

    python3 train.py MOBILEONE-RUN encoder.o decoder.h

From the first 192 images of examples/fashion; what it prints is of the other 64. A pixel above 32
of 255 is garment. Each step learns beside the estimate of the step before, as the decoder has it.
Needs numpy.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np

FASHION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fashion")
STEPS = [("stem", 3), ("stage1", 3), ("stage2", 3), ("stage3", 1), ("stage4", 1)]  # with rows of the kernel
LEARNED = 192  # images
RIDGE = 1e-4  # relative to the mean square of the inputs


def find_features(run, encoder, images):
    """The maps of all images, whose 32x32 are first made the network's 64x64."""
    source = np.clip((np.arange(64) + 0.5) / 2 - 0.5, 0, 31)
    weights = np.maximum(1 - np.abs(source[:, None] - np.arange(32)), 0)  # bilinear
    pixels = (weights @ images @ weights.T + 0.5).astype(np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        given, got = os.path.join(folder, "x.npy"), os.path.join(folder, "y.npy")
        np.save(given, pixels[..., None].repeat(3, 3))
        subprocess.run([run, encoder, "--input", given, "--output", got], check=True)
        return [np.load(f"{got[:-4]}.{i}.npy").astype(float) for i in range(len(STEPS))]


def gather(maps, coarse, kernel):
    """What a weight of the decoder belongs to, for each pixel of one image: [H * W][weights]."""
    (height, width, _), border = maps.shape, kernel // 2
    coarse = coarse.repeat(2, 0).repeat(2, 1)[:height, :width, None]
    padded = np.pad(np.concatenate([maps, coarse], 2), ((border, border), (border, border), (0, 0)))
    taps = [padded[y:y + height, x:x + width] for y in range(kernel) for x in range(kernel)]
    return np.concatenate([np.ones((height, width, 1)), *taps], 2).reshape(height * width, -1)


def learn(maps, coarse, kernel, targets):
    squares, products = 0, 0
    for image in range(LEARNED):
        inputs = gather(maps[image], coarse[image], kernel)
        squares, products = squares + inputs.T @ inputs, products + inputs.T @ targets[image].ravel()
    ridge = RIDGE * np.trace(squares) / len(squares)
    return np.linalg.solve(squares + ridge * np.eye(len(squares)), products)


def main(run, encoder, header):
    images = np.fromfile(os.path.join(FASHION, "images_u8.bin"), np.uint8).reshape(-1, 28, 28)
    images = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    masks = images > 32
    estimates = np.zeros((len(images), 1, 1))
    text = ("/* Of train.py: of each step the bias; [kernel][kernel][channels + 1]. */\n"
            "/* clang-format off */\n#include \"encoder.h\"\n")
    for (name, kernel), maps in reversed(list(zip(STEPS, find_features(run, encoder, images)))):
        side = maps.shape[1]
        targets = masks.reshape(len(images), side, 32 // side, side, 32 // side).mean((2, 4))
        numbers = [f"{weight:.4g}" for weight in learn(maps, estimates, kernel, targets)]
        text += (f"static const float decoder_{name}[] = {{{', '.join(numbers)}}};\n"
                 f"_Static_assert(sizeof decoder_{name} / sizeof(float) == 1 + {kernel * kernel} * "
                 f"(ENCODER_OUTPUT_{name.upper()}_CHANNELS + 1), \"{name}\");\n")
        weights = np.array(numbers, float)
        estimates = np.array([(gather(*each, kernel) @ weights).clip(0, 1).reshape(side, side)
                              for each in zip(maps, estimates)])
    with open(header, "w", encoding="utf-8") as file:
        file.write(text)
    found, masks = estimates[LEARNED:] > 0.5, masks[LEARNED:]
    ratios = (found & masks).sum((1, 2)) / (found | masks).sum((1, 2))
    print(f"intersection over union of {len(ratios)} images: mean {ratios.mean():.3f}, least {ratios.min():.3f}")


main(*sys.argv[1:])
