#!/usr/bin/env python3
"""Writes a safetensors checkpoint with timm's names in another form.

    convert_checkpoint.py VARIANT IN.safetensors OUT [--layout apple|mmpretrain]
                          [--form deploy] [--legacy]

OUT is .safetensors, .pth or .pth.tar, of float32; with --legacy it is the older
PyTorch stream. What mmpretrain writes has a `meta` beside the weights.
"""
import argparse
import json
import os
import struct
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "goldens")]
import generate
import tensorfiles

DTYPES = {name: dtype for dtype, name in tensorfiles.ST_NAME.items()}


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    state = {}
    for key, entry in header.items():
        raw = data[slice(*entry["data_offsets"])]
        state[key] = np.frombuffer(raw, DTYPES[entry["dtype"]]).reshape(entry["shape"])
        if state[key].dtype == np.float16:
            state[key] = state[key].astype(np.float32)
    return state


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("variant", choices=sorted(generate.VARIANTS))
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--layout", default="timm", choices=["timm", "apple", "mmpretrain"])
    parser.add_argument("--form", default="train", choices=["train", "deploy"])
    parser.add_argument("--legacy", action="store_true")
    options = parser.parse_args()
    state = read_safetensors(options.source)
    if options.form == "deploy":
        state = generate.fuse(options.variant, state)
    state = generate.relayout(state, options.layout)
    if options.out.endswith(".safetensors"):
        tensorfiles.save_safetensors(options.out, state)
    else:
        wrapper = {"meta": {}} if options.layout == "mmpretrain" else None
        tensorfiles.save_pth(options.out, state, wrapper, options.legacy)


if __name__ == "__main__":
    main()
