"""How far the logits of a network move when another library decodes the JPEG files.

    bench/decoders.py MODEL.o FOLDER

MODEL.o is an object of mobileone-opt, FOLDER has photographs. `mobileone-run --image`
decodes with libjpeg-turbo; here each of bench/decoders/ decodes the same files first, and
gives it the pixels as PNG files, which lose nothing. A decoder whose tools are not on this
machine is left out. Needs numpy; STB_INCLUDE names the folder above stb/stb_image.h."""
import argparse
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import zlib

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "bench" / "decoders"


def build(folder, wanted):
    """Returns (name, command) of each decoder in `wanted` that can be built."""
    def run(command, **options):
        try:
            return subprocess.run(command, capture_output=True, **options).returncode == 0
        except FileNotFoundError:
            return False

    if "djpeg" in wanted and shutil.which("djpeg"):
        yield "libjpeg-turbo (djpeg)", [str(SOURCES / "djpeg.sh")]
    stb, go, zune = (str(folder / name) for name in ["stb", "go", "zune"])
    if "stb" in wanted and run(["cc", "-O2", f"-I{os.environ.get('STB_INCLUDE', '/usr/include')}",
            str(SOURCES / "stb.c"), "-lm", "-o", stb]):
        yield "stb_image", [stb]
    if "go" in wanted and run(["go", "build", "-o", go, "main.go"], cwd=SOURCES / "go"):
        yield "Go image/jpeg", [go]
    if "zune" in wanted and run(["cargo", "build", "--release", "--target-dir", zune], cwd=SOURCES / "zune"):
        yield "zune-jpeg", [zune + "/release/decode"]


def read_ppm(path):
    content = path.read_bytes()
    header = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", content)
    width, height = map(int, header.groups())
    return np.frombuffer(content, np.uint8, offset=header.end()).reshape(height, width, 3)


def write_png(path, pixels):
    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data
                + struct.pack(">I", zlib.crc32(name + data)))

    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    path.write_bytes(b"\x89PNG\r\n\x1a\n"
                     + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows.tobytes(), 1)) + chunk(b"IEND", b""))


def classify(tool, model, files):
    """Returns the logits of each file, [files][classes]."""
    classes = json.loads(pathlib.Path(model).with_suffix(".json").read_text())["outputs"][0]["length"]
    result = subprocess.run([tool, model, "--json", "--top",
                             str(classes), "--image", *map(str, files)],
                            capture_output=True, check=True)
    logits = np.zeros((len(files), classes))
    for row, image in zip(logits, json.loads(result.stdout)):
        for guess in image["top"]:
            row[guess["class"]] = guess["logit"]
    return logits


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--tool", default=ROOT / "build/bin/mobileone-run",
                        help="mobileone-run (default: of build/)")
    decoders = ["djpeg", "stb", "go", "zune"]
    parser.add_argument("--decoder", nargs="+", choices=decoders, default=decoders,
                        help="which ones (default: all)")
    options = parser.parse_args()
    files = sorted(file for file in options.folder.rglob("*")
                   if file.suffix.lower() in (".jpg", ".jpeg"))
    if len({file.name for file in files}) != len(files):
        parser.error(f"{options.folder}: expects files of different names")
    print("| decoder | photographs with other logits | largest difference of a logit, median "
          "and most | another best class |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        expected = classify(options.tool, options.model, files)
        for name, command in build(temporary, options.decoder):
            folder = temporary / "images"
            folder.mkdir()
            subprocess.run([*command, folder, *files], check=True)
            for file in files:
                pixels = read_ppm(folder / f"{file.name}.ppm")
                write_png(folder / f"{file.name}.png", pixels)
            logits = classify(options.tool, options.model, [folder / f"{file.name}.png" for file in files])
            distance = np.abs(logits - expected).max(axis=1)
            changed = np.count_nonzero(logits.argmax(1) != expected.argmax(1))
            print(f"| {name} | {np.count_nonzero(distance)} of {len(files)} | "
                  f"{np.median(distance):.2f}, {distance.max():.2f} | {changed} |")
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
