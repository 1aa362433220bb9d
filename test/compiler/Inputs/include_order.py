"""Checks that each folder of the compiler includes itself and earlier ones alone.

    include_order.py COMPILER

The order is that of COMPILER/CMakeLists.txt.
"""
import pathlib
import re
import sys

compiler = pathlib.Path(sys.argv[1])
order = re.findall(r"add_subdirectory\((\w+)\)", (compiler / "CMakeLists.txt").read_text())
assert len(order) > 5, order
faults = []
for place, folder in enumerate(order):
    for file in sorted((compiler / folder).rglob("*.*")):
        for other in re.findall(r'#include "compiler/(\w+)/', file.read_text()):
            if order.index(other) > place:
                faults.append(f"{file.relative_to(compiler)} includes {other}")
assert not faults, "\n".join(faults)
