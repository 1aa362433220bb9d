"""Writes the binary files that the tests read.

Run in this folder, with numpy and Pillow (12.0 was used), after make_ycck.c,
which makes the one image that Pillow cannot write:

    cc make_ycck.c -ljpeg && (cd images && ../a.out) && python3 make_inputs.py
"""
import glob
import os
import struct
import zlib

import numpy as np
from PIL import Image

# Two images for fake_model.c. The mean of channel c of image n is 10 n + c + 1,
# and a quarter of that in floats.
pixel = np.arange(24).reshape(4, 6)
images = np.stack([[(10 * n + c + pixel % 2 * 2) for c in range(3)] for n in range(2)])
np.save("bytes-nhwc.npy", images.transpose(0, 2, 3, 1).astype(np.uint8))
np.save("floats-nhwc.npy", (images.transpose(0, 2, 3, 1) / 4).astype(np.float32))
np.save("floats-nchw.npy", (images / 4).astype(np.float32))

# Images of every kind, and pixels.npy: what Pillow reads from them.
os.chdir("images")
WIDTH, HEIGHT = 17, 13

y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
rgb = np.stack([x * 15, y * 19, (x * y * 7) % 256], axis=-1).astype(np.uint8)
alpha = ((x + y) * 8).astype(np.uint8)
grey = (x * 15).astype(np.uint8)
colour = Image.fromarray(rgb)

colour.save("baseline-420.jpg", quality=90, subsampling=2)
colour.save("baseline-422.jpg", quality=90, subsampling=1)
colour.save("baseline-444.jpg", quality=90, subsampling=0)
colour.save("progressive.jpg", quality=90, progressive=True)
Image.fromarray(grey).save("grey.jpg", quality=90)
Image.fromarray(np.dstack([rgb, alpha]), "CMYK").save("cmyk.jpg", quality=90)


def chunk(name, data):
    crc = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + crc


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(path, samples, depth, kind, extra=b"", interlaced=False):
    """Writes samples of shape (height, width, channels) without row filters."""
    rows = b""
    for left, top, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        for row in samples[top::dy, left::dx]:
            if row.size == 0:
                continue
            bits = "".join(format(int(sample), f"0{depth}b") for sample in row.flatten())
            bits += "0" * (-len(bits) % 8)
            rows += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, interlaced)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra)
        file.write(chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


wide = rgb.astype(int) * 257 - (rgb > 0)
clear = chunk(b"tRNS", b"\0\x80\xff")
palette = chunk(b"PLTE", bytes((i * 37) % 256 for i in range(48)))
plane = grey[:, :, None]
png("grey1.png", plane // 128, 1, 0)
png("grey2.png", plane // 64, 2, 0)
png("grey4.png", plane // 16, 4, 0)
png("grey8.png", plane, 8, 0, chunk(b"tRNS", b"\0\x0f"))
png("grey16.png", plane.astype(int) * 3, 16, 0)
png("grey-alpha8.png", np.dstack([grey, alpha]), 8, 4)
png("grey-alpha16.png", np.dstack([grey, alpha]).astype(int) * 257, 16, 4)
png("palette4.png", plane // 16, 4, 3, palette + clear)
png("palette8.png", plane // 16, 8, 3, palette)
png("rgb8.png", rgb, 8, 2, chunk(b"gAMA", struct.pack(">I", 100000)))
png("rgb8-interlaced.png", rgb, 8, 2, interlaced=True)
png("rgb16.png", wide, 16, 2)
png("rgba8.png", np.dstack([rgb, alpha]), 8, 6)
png("rgba16.png", np.dstack([wide, alpha.astype(int) * 257]), 16, 6)

names = sorted(glob.glob("*.jpg") + glob.glob("*.png"))
np.save("pixels.npy", np.stack([np.array(Image.open(name).convert("RGB")) for name in names]))
