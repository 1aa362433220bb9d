"""Writes the test images as pictures of 32x32, black around the 28x28.

    python3 pictures.py FOLDER [ppm]

So the resize and crop of mobileone-run give what the network was trained on. The names have
the classes: 000-ankle-boot.png.
"""
import os
import struct
import sys
import zlib


def write_png(file, side, rgb):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + rgb[i:i + 3 * side] for i in range(0, len(rgb), 3 * side))
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
               chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main(folder, kind="png"):
    here = os.path.dirname(os.path.abspath(__file__))
    read = lambda name: open(os.path.join(here, name), "rb").read()
    names = read("labels.txt").decode().lower().replace(" ", "-").replace("/", "-").split("\n")
    images = read("images_u8.bin")
    os.makedirs(folder, exist_ok=True)
    for number, label in enumerate(read("labels_u8.bin")):
        image = images[784 * number:784 * (number + 1)]
        rows = [bytes(2) + image[i:i + 28] + bytes(2) for i in range(0, 784, 28)]
        gray = bytes(64) + b"".join(rows) + bytes(64)
        rgb = bytes(value for value in gray for _ in range(3))
        with open(os.path.join(folder, f"{number:03}-{names[label]}.{kind}"), "wb") as file:
            if kind == "png":
                write_png(file, 32, rgb)
            else:
                file.write(b"P6\n32 32\n255\n" + rgb)


if __name__ == "__main__":
    main(*sys.argv[1:])
