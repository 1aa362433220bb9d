"""How many loops of each kernel by Strassen's algorithm fetch what comes next.

    count_fetches.py SCHEDULES < ASSEMBLY

The tiles of a kernel may have several sizes, each with loops of its own.
"""
import re
import sys

sums = dict(re.findall(r"(pointwise_\w+) = .*strassen<.*(sums = \w+)>", open(sys.argv[1]).read()))
assert sums, "expects kernels by Strassen's algorithm"
for name, code in re.findall(r"^(pointwise_\w+)\.v4:(.*?)^\.Lfunc_end", sys.stdin.read(), re.M | re.S):
    if name in sums:
        print(f"{sums[name]}: {code.count('prefetcht1')}")
