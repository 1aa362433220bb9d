#!/usr/bin/env python3
"""Writes a small train-form checkpoint of a custom network, and an image.

    make_checkpoint.py NETWORK.json OUT.safetensors [--form deploy]
                       [--encoder] [--poison KEY=VALUE] [--image HxW OUT.npy]

NETWORK.json is a file of --variant. Keys are timm's. Every number comes from a 32-bit congruential generator that
starts at a checksum of its key, so that two runs write the same bytes. Needs no
numpy. Dense filters have variance 2 / fan-in, so that values keep their size
from layer to layer.
"""
import argparse
import json
import math
import re
import struct
import zlib

import custom_network


def numbers(key, count):
    """`count` numbers in [-1, 1)."""
    state, out = zlib.crc32(key.encode()), []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append((state >> 8) / (1 << 23) - 1)
    return out


class Tensors(dict):
    def add(self, key, shape, scale=1.0, offset=0.0):
        count = math.prod(shape)
        self[key] = shape, [offset + scale * n for n in numbers(key, count)]

    def add_conv(self, key, out, group_in, kernel, bias):
        # A uniform number in [-s, s) has variance s * s / 3.
        fan_in = group_in * kernel * kernel
        self.add(key + ".weight", [out, group_in, kernel, kernel], math.sqrt(6 / fan_in))
        if bias:
            self.add(key + ".bias", [out], 0.25)

    def add_norm(self, key, channels):
        self.add(key + ".weight", [channels], 0.25, 0.75)
        self.add(key + ".bias", [channels], 0.25)
        self.add(key + ".running_mean", [channels], 0.5)
        self.add(key + ".running_var", [channels], 0.25, 1.0)

    def add_block(self, block, deploy):
        path, out, group_in = block.path, block.width, block.inputs // block.groups
        if deploy:
            self.add_conv(path + ".reparam_conv", out, group_in, block.kernel, True)
        else:
            if block.identity:
                self.add_norm(path + ".identity", out)
            for i in range(block.branches):
                self.add_conv(f"{path}.conv_kxk.{i}.conv", out, group_in, block.kernel, False)
                self.add_norm(f"{path}.conv_kxk.{i}.bn", out)
            if block.scale:
                self.add_conv(path + ".conv_scale.conv", out, group_in, 1, False)
                self.add_norm(path + ".conv_scale.bn", out)
        if block.se:
            self.add_conv(path + ".attn.fc1", block.se, out, 1, True)
            self.add_conv(path + ".attn.fc2", out, block.se, 1, True)


def make_tensors(network, deploy):
    tensors = Tensors()
    blocks = custom_network.list_blocks(network)
    for block in blocks:
        tensors.add_block(block, deploy)
    classes, features = network["classes"], blocks[-1].width
    tensors.add("head.fc.weight", [classes, features], math.sqrt(3 / features))
    tensors.add("head.fc.bias", [classes], 0.25)
    return tensors


def to_encoder_key(key):
    key = re.sub(r"^stages\.(\d)", lambda match: f"stage{int(match.group(1)) + 1}", key)
    for timm, apple in [("stem.", "stage0."), ("identity", "rbr_skip"), ("conv_kxk", "rbr_conv"),
                        ("conv_scale", "rbr_scale"), ("attn.fc1", "se.reduce"),
                        ("attn.fc2", "se.expand")]:
        key = key.replace(timm, apple)
    return "encoder." + key


def write_safetensors(path, tensors):
    header, data = {}, b""
    for key, (shape, values) in tensors.items():
        raw = struct.pack(f"<{len(values)}f", *values)
        header[key] = {"dtype": "F32", "shape": shape,
                       "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_image(path, channels, height, width):
    shape = (1, channels, height, width)
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust(117) + "\n"
    values = numbers("image", channels * height * width)
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(values)}f", *values))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network")
    parser.add_argument("out")
    parser.add_argument("--form", default="train", choices=["train", "deploy"])
    parser.add_argument("--encoder", action="store_true",
                        help="keys of a segmentation model, without the classifier")
    parser.add_argument("--poison", metavar="KEY=VALUE", help="first element of a tensor")
    parser.add_argument("--image", nargs=2, metavar=("HxW", "FILE"))
    options = parser.parse_args()
    with open(options.network) as file:
        network = json.load(file)
    tensors = make_tensors(network, options.form == "deploy")
    if options.encoder:
        tensors = {to_encoder_key(key): value for key, value in tensors.items()
                   if not key.startswith("head.")}
    if options.poison:
        key, value = options.poison.split("=")
        tensors[key][1][0] = float(value)
    write_safetensors(options.out, tensors)
    if options.image:
        write_image(options.image[1], network.get("input_channels", 3),
                    *map(int, options.image[0].split("x")))


if __name__ == "__main__":
    main()
