"""A custom network in float64 with numpy, written apart from the compiler.

    reference.py NETWORK.json CHECKPOINT.safetensors IMAGE.npy OUT.bin logits|softmax|features

Reads the train form in timm's layout and writes float32.
"""
import json
import math
import os
import struct
import sys

import numpy as np

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Inputs"))
import custom_network


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    return {key: np.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(
        entry["shape"]).astype(np.float64) for key, entry in header.items()}


def conv(x, filters, stride, groups, dilation=1):
    """[C][H][W] with as much padding as keeps the size at stride 1."""
    out, _, k, _ = filters.shape
    c, h, w = x.shape
    pad = k // 2 * dilation
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    rows, columns = (h - 1) // stride + 1, (w - 1) // stride + 1
    y = np.zeros((out, rows, columns))
    for i in range(k):
        for j in range(k):
            top, left = i * dilation, j * dilation
            tap = x[:, top:top + stride * (rows - 1) + 1:stride,
                    left:left + stride * (columns - 1) + 1:stride]
            if groups == 1:
                y += np.einsum("oc,chw->ohw", filters[:, :, i, j], tap)
            else:
                y += filters[:, 0, i, j][:, None, None] * tap
    return y


def norm(x, tensors, key, epsilon):
    scale = tensors[key + ".weight"] / np.sqrt(tensors[key + ".running_var"] + epsilon)
    shift = tensors[key + ".bias"] - tensors[key + ".running_mean"] * scale
    return x * scale[:, None, None] + shift[:, None, None]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


GATES = {"sigmoid": sigmoid, "hardsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1)}
ACTIVATIONS = {
    "none": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "gelu": lambda x: x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2,
    "hardswish": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "silu": lambda x: x * sigmoid(x),
}


def compute(x, tensors, block, epsilon):
    y, path = 0, block.path
    for branch in range(block.branches):
        name = f"{path}.conv_kxk.{branch}"
        product = conv(x, tensors[name + ".conv.weight"], block.stride, block.groups, block.dilation)
        y = y + norm(product, tensors, name + ".bn", epsilon)
    if block.scale:
        name = path + ".conv_scale"
        product = conv(x, tensors[name + ".conv.weight"], block.stride, block.groups)
        y = y + norm(product, tensors, name + ".bn", epsilon)
    if block.identity:
        y = y + norm(x, tensors, path + ".identity", epsilon)
    if block.se:
        gate = y.mean(axis=(1, 2))
        gate = np.maximum(tensors[path + ".attn.fc1.weight"][:, :, 0, 0] @ gate
                          + tensors[path + ".attn.fc1.bias"], 0)
        gate = tensors[path + ".attn.fc2.weight"][:, :, 0, 0] @ gate + tensors[path + ".attn.fc2.bias"]
        y = y * GATES[block.gate](gate)[:, None, None]
    return ACTIVATIONS[block.activation](y)


def main():
    network_path, checkpoint, image, out, kind = sys.argv[1:]
    blocks, network = custom_network.load(network_path)
    tensors = read_safetensors(checkpoint)
    x = np.load(image)[0].astype(np.float64)
    for block in blocks:
        x = compute(x, tensors, block, network.get("bn_epsilon", 1e-5))
    if kind == "features":
        x.astype(np.float32).tofile(out)
        return
    y = tensors["head.fc.weight"] @ x.mean(axis=(1, 2)) + tensors["head.fc.bias"]
    if kind == "softmax":
        y = np.exp(y - y.max())
        y /= y.sum()
    y.astype(np.float32).tofile(out)


if __name__ == "__main__":
    main()
