"""Scales what lies between pointwise and depthwise layers, channel by channel.

    scale_channels.py NET.safetensors BITS OUT.safetensors

NET is a network in deploy form with timm's keys and ReLU, without squeeze-and-excitation.
Of each pointwise layer of 128 and more channels, filter and bias of an output channel are
multiplied by a power of two up to 2^BITS, drawn with a fixed seed, and what the depthwise
layer behind it has for this channel is divided by it. OUT computes the same function.
"""
import json
import struct
import sys

import numpy as np

source, bits, target = sys.argv[1:]
with open(source, "rb") as file:
    content = bytearray(file.read())
size, = struct.unpack_from("<Q", content)
header = json.loads(content[8:8 + size])


def get(key):
    """A tensor as a view of `content`."""
    begin, end = header[key]["data_offsets"]
    return np.frombuffer(content, "<f4", (end - begin) // 4, 8 + size + begin).reshape(header[key]["shape"])


suffix = ".reparam_conv.weight"
blocks = sorted((key[:-len(suffix)] for key in header if key.startswith("stages.") and key.endswith(suffix)),
                key=lambda name: [int(number) for number in name.split(".")[1:]])
random = np.random.default_rng(3)
for block, behind in zip(blocks, blocks[1:]):
    pointwise, depthwise = get(block + suffix), get(behind + suffix)
    outputs, inputs, height, width = pointwise.shape
    if height == width == 1 and min(outputs, inputs) >= 128 and depthwise.shape[1] == 1:
        scale = np.exp2(random.integers(0, int(bits) + 1, outputs)).astype(np.float32)
        pointwise *= scale[:, None, None, None]
        get(block + ".reparam_conv.bias")[:] *= scale
        depthwise /= scale[:, None, None, None]
with open(target, "wb") as file:
    file.write(content)
