"""Counts spills and reloads of vectors in innermost loops with multiply-adds.

    mobileone-opt MODEL --emit=asm | loop_spills.py BENCH

Reads assembly with LLVM's comments, which name spills and reloads and their
size; prints one line for each function that has such a loop.
"""
import re
import sys

sys.path.append(sys.argv[1])
from loops import functions, innermost_loops

for name, body in functions(sys.stdin):
    loops = [loop for loop in innermost_loops(body)
             if any(re.search(r"\bv?(fmadd|mulps)", line) for line in loop)]
    spills = [line for loop in loops for line in loop
              if re.search(r"# (16|32|64)-byte (Folded )?(Spill|Reload)", line)]
    if loops:
        print(f"{name}: {len(loops)} loops with multiply-adds, {len(spills)} spills")
