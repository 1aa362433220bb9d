"""Gives kernels by Strassen's algorithm sums that are made before the network runs.

    strassen_levels.py IN.schedule OUT.schedule 1|2

With 2, those whose rows, columns, depth and panels have quarters get two levels, in
bands of 2, 4 or so rows. Prints how many kernels got one level and how many two: "3-3".
"""
import re
import sys

KERNEL = re.compile(r"pointwise_(\d+)x(\d+)x(\d+)(?:_.*?)?_to_\d+x\d+x(\d+)")
counts = {1: 0, 2: 0}


def change(line):
    match = KERNEL.search(line)
    if not match or "strassen<" not in line:
        return line
    height, width, depth, channels = map(int, match.groups())
    panels, levels = (channels + 15) // 16, 1
    if sys.argv[3] == "2" and height % 2 == 0 and depth % 64 == 0 and panels % 4 == 0:
        levels = 2
        rows = 4 if height % 4 == 0 else 2
        line = re.sub(r"rows = \d+", f"rows = {rows}", line)
        tile = max(n for n in (1, 2, 3) if panels // 4 % n == 0)
        line = re.sub(r"pixels = \[\d+, \d+\], panels = \d+", f"pixels = [1, {2 if tile < 3 else 1}], panels = {tile}", line)
    counts[levels] += 1
    return re.sub(r"levels = 1, sums = \w+", f"levels = {levels}, sums = compile", line)


with open(sys.argv[1]) as source, open(sys.argv[2], "w") as target:
    target.writelines(map(change, source))
print(f"{counts[1]}-{counts[2]}")
