"""Compares objects but for what they say of their input and flags: section .comment.

usage: same_code.py OBJCOPY FIRST SECOND
"""
import subprocess
import sys

objcopy, *objects = sys.argv[1:]
first, second = (subprocess.run([objcopy, "--remove-section=.comment", name, "-"],
                                check=True, stdout=subprocess.PIPE).stdout
                 for name in objects)
assert len(first) > 1000, len(first)
if first != second:
    sys.exit(f"{objects[0]} and {objects[1]} differ")
