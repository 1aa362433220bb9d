"""Classifies a PPM image with the network in fashion.so."""
import re
import sys

import mobileone
import numpy as np


def read_ppm(path):
    """The pixels behind "P6\\nWIDTH HEIGHT\\n255\\n", as most programs write a PPM: [H, W, 3]."""
    with open(path, "rb") as file:
        data = file.read()
    header = re.match(rb"P6\n(\d+) (\d+)\n255\n", data)
    if not header or len(data) - header.end() != 3 * int(header[1]) * int(header[2]):
        raise ValueError(f"{path}: expects a whole binary PPM")
    return np.frombuffer(data, np.uint8, offset=header.end()).reshape(int(header[2]), int(header[1]), 3)


def main(path, labels):
    with open(labels) as file:
        names = file.read().splitlines()
    model = mobileone.load("fashion.so")
    output = model(model.prepare(read_ppm(path)))
    print(path)
    for i in np.argsort(-output, kind="stable")[:5]:
        print(f"  {100 * float(output[i]):6.2f} %  {i:>4}  {names[i]}")


if len(sys.argv) != 3:
    sys.exit("usage: classify.py IMAGE.ppm LABELS.txt")
try:
    main(*sys.argv[1:])
except (OSError, ValueError, mobileone.RunError) as error:
    sys.exit(f"classify: {error}")
