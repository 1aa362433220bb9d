"""Follows the README of examples/segment, and holds masks to the images they are of.

    segment_pictures.py EXAMPLES BUILD

The pictures are those that the decoder did not learn from; the truth is a threshold. Then trains
the decoder again, which gives the weights that are kept.
"""
import os
import re
import sys
import tempfile

import numpy as np
from example_project import Project

examples, build = sys.argv[1:]


def segment(name):
    """The mask of a picture, and the picture's truth."""
    got = project.shell(f"./segment pictures/{name} mask.pgm")
    if got.returncode:
        project.fail(f"expects a mask of {name}", got.stderr)
    with open(os.path.join(project.folder, "mask.pgm"), "rb") as file:
        header, mask = file.read().split(b"255\n", 1)
    assert header == b"P5\n32 32\n" and len(mask) == 32 * 32 and set(mask) == {0, 255}, header
    mask = np.frombuffer(mask, np.uint8) > 0
    assert f": {mask.sum()} of 1024 pixels are garment\n" in got.stdout, got.stdout
    with open(os.path.join(project.folder, "pictures", name), "rb") as file:
        red = np.frombuffer(file.read()[-3 * 32 * 32:], np.uint8)[::3]
    return mask, red > 32


def read_weights(header):
    with open(os.path.join(project.folder, header), encoding="utf-8") as file:
        return {name: np.array(numbers.split(","), float)
                for name, numbers in re.findall(r"(decoder_\w+)\[\] = \{(.*?)\}", file.read())}


with tempfile.TemporaryDirectory() as top:
    project = Project(examples, "segment", build, top)
    project.follow()
    ratios = []
    for name in sorted(os.listdir(os.path.join(project.folder, "pictures")))[192:]:
        mask, truth = segment(name)
        ratios.append((mask & truth).sum() / (mask | truth).sum())
    print(f"{len(ratios)} masks, intersection over union {np.mean(ratios):.3f}, least {min(ratios):.3f}")
    assert len(ratios) == 64 and np.mean(ratios) > 0.98 and min(ratios) > 0.85

    with open(os.path.join(project.folder, "pictures", "000-ankle-boot.ppm"), "rb") as file:
        pixels = file.read().split(b"255\n", 1)[1]
    for header in [b"P5\n32 32\n255\n", b"P6\n32 32\n65535\n", b"P6\n32 32\n25\n", b"P6\n0 32\n255\n", b""]:
        project.write("header.ppm", header + pixels)
        project.check_refused("./segment header.ppm no.pgm", "header.ppm: expects a binary PPM of 8 bits")
    project.write("half.ppm", b"P6\n32 32\n255\n" + pixels[:-1])
    project.check_refused("./segment half.ppm no.pgm", "half.ppm: expects 3 bytes for each pixel")
    project.check_refused("./segment absent.ppm no.pgm", "absent.ppm: cannot be read")
    project.check_refused("./segment pictures/000-ankle-boot.ppm no/no.pgm", "no/no.pgm: cannot be written")
    assert not os.path.exists(os.path.join(project.folder, "no.pgm"))

    with open(os.path.join(project.folder, "README.md"), encoding="utf-8") as file:
        (command, shown), = re.findall(r"```console\n\$ (.*)\n(.*\n)```", file.read())
    got = project.shell(command.replace(" decoder.h", " again.h"))
    if got.returncode or got.stdout != shown:
        project.fail(f"expects\n{shown}but got", got.stdout, got.stderr)
    kept, again = read_weights("decoder.h"), read_weights("again.h")
    assert list(kept) == list(again) and sum(map(len, kept.values())) == 3330
    for name, weights in kept.items():  # four digits, and what another machine rounds differently
        difference = np.abs(again[name] - weights).max() / np.abs(weights).max()
        print(f"{name}: {len(weights)} weights, relative difference {difference:.1e}")
        assert difference < 2e-3, name
