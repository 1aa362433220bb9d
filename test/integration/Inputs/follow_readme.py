"""Follows an example's README.md as a reader would, and holds its program to mobileone-run.

    follow_readme.py EXAMPLES LANGUAGE BUILD IMAGES

In a temporary folder, with an installed tree of BUILD and copies of EXAMPLES/LANGUAGE and
EXAMPLES/fashion: runs the commands of the README's block, and compares what the last one prints
with the README. Then gives that program other images, whose classes mobileone-run prints, too,
those of IMAGES among them, and files that are none.
"""
import os
import re
import shutil
import struct
import sys
import tempfile
import zlib

import numpy as np
from example_project import Project


def write_image(name, pixels, kind):
    """name.png for mobileone-run, and for the program the same pixels as it reads them."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    project.write(name + ".png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                  chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    if kind == "ppm":
        project.write(name + ".ppm", b"P6\n%d %d\n255\n" % (width, height) + pixels.tobytes())


def check_image(name, kind):
    expected = project.shell(f"$PREFIX/bin/mobileone-run fashion.o --image {name}.png --labels ../fashion/labels.txt")
    got = project.shell(program.replace(image, f"{name}.{kind}"))
    if expected.returncode or got.returncode:
        project.fail(f"{name}.{kind} is not classified", expected.stderr, got.stderr)
    if got.stdout != expected.stdout.replace(name + ".png", f"{name}.{kind}", 1):
        project.fail(f"expects what mobileone-run prints for {name}", expected.stdout, "but got", got.stdout)


def check_refused(name, contents=None):
    if contents is not None:
        project.write(name, contents)
    project.check_refused(program.replace(image, name), name)


examples, language, build, images = sys.argv[1:]
with tempfile.TemporaryDirectory() as top:
    project = Project(examples, language, build, top)
    if language == "python":  # what its wheel has
        project.install("--component", "python")
        shutil.copytree(os.path.join(examples, "..", "python"), os.path.join(top, "packages"))
    *commands, program = project.follow()
    if not os.path.exists(os.path.join(project.folder, "fashion.o")):  # for mobileone-run
        project.shell(commands[0].replace("fashion.so", "fashion.o"))
    (image, kind) = re.search(r"(\S+/boot\.(p.m|png))\b", program).groups()

    # Tall, wide and small; waves that every step of the resize changes.
    for name, height, width in [("tall", 131, 70), ("wide", 64, 201), ("small", 5, 3)]:
        y, x, channel = np.indices((height, width, 3))
        waves = (128 + 127 * np.sin(x / 7 + channel) * np.cos(y / (5 + channel))).astype(np.uint8)
        write_image(name, waves, kind)
        check_image(name, kind)
    if kind == "png":  # but for rgb8, whose gamma some libraries correct
        for name in ["rgb8-interlaced", "rgba8", "grey8", "palette4"]:
            shutil.copy(os.path.join(images, name + ".png"), project.folder)
            check_image(name, kind)

    check_refused(f"absent.{kind}")
    check_refused(f"labels.{kind}", b"T-shirt/top\nTrouser\n")
    with open(os.path.join(top, "fashion", f"boot.{kind}"), "rb") as file:
        check_refused(f"half.{kind}", file.read()[:400])
    check_refused(f"empty.{kind}", b"")
