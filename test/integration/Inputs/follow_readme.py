"""Follows an example's README.md as a reader would, and holds its program to mobileone-run.

    follow_readme.py EXAMPLES LANGUAGE BUILD IMAGES

In a temporary folder, with an installed tree of BUILD and copies of EXAMPLES/LANGUAGE and
EXAMPLES/fashion: runs the commands of the README's block, the lines that begin with "$ ", and
compares what the last one prints with the README. Then gives that program other images, whose
classes mobileone-run prints, too, those of IMAGES among them, and files that are none.
"""
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy as np


def fail(what, *texts):
    sys.exit("\n".join([f"README of {language}: {what}", *map(str, texts)]))


def shell(script):
    """Runs `script` where nothing is found that the README does not put there."""
    home = os.path.join(top, "home")
    own = {"HOME": home, "PREFIX": prefix, "CARGO_HOME": home + "/cargo", "GOPATH": home + "/go",
           "GOCACHE": home + "/go-build", "GOPROXY": "off", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local",
           "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", os.path.expanduser("~/.rustup")),
           "PATH": os.path.join(top, "bin") + os.pathsep + os.environ["PATH"],
           "PYTHONPATH": os.path.join(top, "packages"), "MOBILEONE_PREFIX": prefix}
    return subprocess.run(["bash", "-ec", script], cwd=folder, env={**os.environ, **own},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def write_image(name, pixels, kind):
    """name.png for mobileone-run, and for the program the same pixels as it reads them."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    with open(os.path.join(folder, name + ".png"), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) +
                   chunk(b"IEND", b""))
    if kind == "ppm":
        with open(os.path.join(folder, name + ".ppm"), "wb") as file:
            file.write(b"P6\n%d %d\n255\n" % (width, height) + pixels.tobytes())


def check_image(name, kind):
    expected = shell(f"$PREFIX/bin/mobileone-run fashion.o --image {name}.png --labels ../fashion/labels.txt")
    got = shell(program.replace(image, f"{name}.{kind}"))
    if expected.returncode or got.returncode:
        fail(f"{name}.{kind} is not classified", expected.stderr, got.stderr)
    if got.stdout != expected.stdout.replace(name + ".png", f"{name}.{kind}", 1):
        fail(f"expects what mobileone-run prints for {name}", expected.stdout, "but got", got.stdout)


def check_refused(name, contents=None):
    if contents is not None:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(contents)
    got = shell(program.replace(image, name))
    if not 0 < got.returncode < 126 or got.stdout or name not in got.stderr:
        fail(f"expects an error that names {name}, but got status {got.returncode}", got.stdout, got.stderr)


def follow(text):
    """Runs the block's commands; returns the last of them."""
    (block,) = re.findall(r"```\n(.*?)```", text.replace("\\\n", " "), re.DOTALL)
    *before, (last, shown) = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    commands = [command for command, _ in before]
    got = shell("\n".join([*commands, last]))
    if got.returncode or got.stdout != shown:
        fail(f"expects\n{shown}but got status {got.returncode} and", got.stdout, got.stderr)
    if not os.path.exists(os.path.join(folder, "fashion.o")):  # for mobileone-run
        shell(commands[0].replace("fashion.so", "fashion.o"))
    return last


examples, language, build, images = sys.argv[1:]
with tempfile.TemporaryDirectory() as top:
    folder, prefix = os.path.join(top, language), os.path.join(top, "installed")
    subprocess.run(["cmake", "--install", build, "--prefix", prefix, "--strip"], stdout=subprocess.DEVNULL, check=True)
    for copied in [language, "fashion"]:
        shutil.copytree(os.path.join(examples, copied), os.path.join(top, copied))
    if language == "python":  # what its wheel has
        subprocess.run(["cmake", "--install", build, "--prefix", prefix, "--strip", "--component", "python"],
                       stdout=subprocess.DEVNULL, check=True)
        shutil.copytree(os.path.join(examples, "..", "python"), os.path.join(top, "packages"))
        os.mkdir(os.path.join(top, "bin"))
        with open(os.path.join(top, "bin", "python3"), "w", opener=lambda *name: os.open(*name, 0o755)) as file:
            file.write(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    with open(os.path.join(folder, "README.md"), encoding="utf-8") as file:
        program = follow(file.read())
    (image, kind) = re.search(r"(\S+/boot\.(p.m|png))\b", program).groups()

    # Tall, wide and small; waves that every step of the resize changes.
    for name, height, width in [("tall", 131, 70), ("wide", 64, 201), ("small", 5, 3)]:
        y, x, channel = np.indices((height, width, 3))
        waves = (128 + 127 * np.sin(x / 7 + channel) * np.cos(y / (5 + channel))).astype(np.uint8)
        write_image(name, waves, kind)
        check_image(name, kind)
    if kind == "png":  # but for rgb8, whose gamma some libraries correct
        for name in ["rgb8-interlaced", "rgba8", "grey8", "palette4"]:
            shutil.copy(os.path.join(images, name + ".png"), folder)
            check_image(name, kind)

    check_refused(f"absent.{kind}")
    check_refused(f"labels.{kind}", b"T-shirt/top\nTrouser\n")
    with open(os.path.join(top, "fashion", f"boot.{kind}"), "rb") as file:
        check_refused(f"half.{kind}", file.read()[:400])
    check_refused(f"empty.{kind}", b"")
