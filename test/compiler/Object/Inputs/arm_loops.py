"""Checks the innermost loops of pointwise and depthwise kernels for 64-bit Arm.

    mobileone-opt MODEL --target=aarch64-linux-gnu --emit=asm | arm_loops.py BENCH

Reads assembly with LLVM's comments, which name spills and reloads and their size.
Pointwise kernels of one pixel (squeeze-and-excitation, the classifier) have no rows to
share weights among, and depthwise ones of stride 2 read more than they multiply: neither
is looked at.
"""
import re
import sys

sys.path.append(sys.argv[1])
from loops import functions, innermost_loops

SPILL = re.compile(r"// (16|32)-byte (Folded )?(Spill|Reload)")
kinds = {"pointwise": 0, "depthwise": 0, "pair": 0, "tail": 0, "stem": 0}
faults = []
for name, body in functions(sys.stdin):
    kind = name.split("_")[0]
    if kind not in kinds or "_1x1x" in name or "_stride2_" in name:
        continue
    for loop in innermost_loops(body):
        code = [line for line in loop if re.match(r"\s+[a-z]", line)]
        by_element = sum(bool(re.search(r"\bfmla\b.*\[\d\]", line)) for line in code)
        vectors = sum(bool(re.search(r"\bfmla\b", line)) for line in code)
        if vectors < 16:
            continue
        kinds[kind] += 1
        if any(SPILL.search(line) for line in loop):
            faults.append(f"{name}: a vector goes to the stack")
        # Bands and tails have depthwise loops, too.
        is_pointwise = kind == "pointwise" or (kind == "pair" and by_element)
        # Of Strassen's halves, one of 7 columns: 56 multiply-adds, 15 loads, one
        # of them for later, and the loop.
        if is_pointwise and by_element < 0.74 * len(code):
            faults.append(f"{name}: {by_element} multiply-adds of {len(code)} instructions")
assert all(kinds.values()), kinds
assert not faults, "\n".join(faults)
