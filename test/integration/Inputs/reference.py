"""A custom network in float64 with numpy, written apart from the compiler.

    reference.py NETWORK.json CHECKPOINT.safetensors IMAGE.npy OUT.bin logits|softmax|features

Reads the train form in timm's layout and writes float32.
"""
import json
import struct
import sys

import numpy as np


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    return {key: np.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(
        entry["shape"]).astype(np.float64) for key, entry in header.items()}


def conv(x, filters, stride, groups):
    """[C][H][W] with padding kernel / 2."""
    out, _, k, _ = filters.shape
    c, h, w = x.shape
    x = np.pad(x, ((0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    rows, columns = (h - 1) // stride + 1, (w - 1) // stride + 1
    y = np.zeros((out, rows, columns))
    for i in range(k):
        for j in range(k):
            tap = x[:, i:i + stride * (rows - 1) + 1:stride, j:j + stride * (columns - 1) + 1:stride]
            if groups == 1:
                y += np.einsum("oc,chw->ohw", filters[:, :, i, j], tap)
            else:
                y += filters[:, 0, i, j][:, None, None] * tap
    return y


def norm(x, tensors, key):
    scale = tensors[key + ".weight"] / np.sqrt(tensors[key + ".running_var"] + 1e-5)
    shift = tensors[key + ".bias"] - tensors[key + ".running_mean"] * scale
    return x * scale[:, None, None] + shift[:, None, None]


def block(x, tensors, path, stride, depthwise):
    y, groups = 0, len(x) if depthwise else 1
    branch = 0
    while f"{path}.conv_kxk.{branch}.conv.weight" in tensors:
        name = f"{path}.conv_kxk.{branch}"
        y = y + norm(conv(x, tensors[name + ".conv.weight"], stride, groups), tensors, name + ".bn")
        branch += 1
    if path + ".conv_scale.conv.weight" in tensors:
        name = path + ".conv_scale"
        y = y + norm(conv(x, tensors[name + ".conv.weight"], stride, groups), tensors, name + ".bn")
    if path + ".identity.weight" in tensors:
        y = y + norm(x, tensors, path + ".identity")
    if path + ".attn.fc1.weight" in tensors:
        gate = y.mean(axis=(1, 2))
        gate = np.maximum(tensors[path + ".attn.fc1.weight"][:, :, 0, 0] @ gate
                          + tensors[path + ".attn.fc1.bias"], 0)
        gate = tensors[path + ".attn.fc2.weight"][:, :, 0, 0] @ gate + tensors[path + ".attn.fc2.bias"]
        y = y / (1 + np.exp(-gate))[:, None, None]
    return np.maximum(y, 0)


def main():
    network_path, checkpoint, image, out, kind = sys.argv[1:]
    with open(network_path) as file:
        network = json.load(file)
    tensors = read_safetensors(checkpoint)
    x = block(np.load(image)[0].astype(np.float64), tensors, "stem", 2, False)
    for stage in range(4):
        for pair in range(network["pairs"][stage]):
            x = block(x, tensors, f"stages.{stage}.{2 * pair}", 2 if pair == 0 else 1, True)
            x = block(x, tensors, f"stages.{stage}.{2 * pair + 1}", 1, False)
    if kind == "features":
        x.astype(np.float32).tofile(out)
        return
    y = tensors["head.fc.weight"] @ x.mean(axis=(1, 2)) + tensors["head.fc.bias"]
    if kind == "softmax":
        y = np.exp(y - y.max())
        y /= y.sum()
    y.astype(np.float32).tofile(out)


main()
