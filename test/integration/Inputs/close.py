"""Checks that two lines of level.c have the same numbers, within a part of the largest.

    close.py LINE LINE PART
"""
import math
import sys


def read(path):
    words = open(path).read().split("no error")[1].split()
    return [float(word) for word in words]


first, second = map(read, sys.argv[1:3])
part = float(sys.argv[3])
assert len(first) == len(second) > 1 and all(map(math.isfinite, first + second))
largest = max(map(abs, first))
distance = max(abs(a - b) for a, b in zip(first, second)) / largest
print(f"{len(first)} numbers up to {largest:.3g}, {distance:.2g} apart")
sys.exit(not distance <= part)
