"""usage: random_images.py OUT.npy COUNT HEIGHT WIDTH [floats]
Random images, bytes of RGB or floats [3][H][W], by the generator of make_checkpoint.py."""
import struct
import sys

from make_checkpoint import numbers

count, height, width = (int(n) for n in sys.argv[2:5])
floats = len(sys.argv) > 5
shape = (count, 3, height, width) if floats else (count, height, width, 3)
values = numbers("images", count * height * width * 3)
header = f"{{'descr': '{'<f4' if floats else '|u1'}', 'fortran_order': False, 'shape': {shape}, }}"
header += " " * (-(len(header) + 11) % 64) + "\n"
with open(sys.argv[1], "wb") as out:
    out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    out.write(struct.pack(f"<{len(values)}f", *(2 * v for v in values)) if floats else
              bytes(int(128 + 127 * v) for v in values))
