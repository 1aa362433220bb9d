"""Compares objects but for what they say of their input and flags: section .comment.

usage: same_code.py OBJCOPY FIRST SECOND
"""
import subprocess
import sys


def read_code(objcopy, name):
    """The bytes of an object without that section."""
    content = subprocess.run([objcopy, "--remove-section=.comment", name, "-"],
                             check=True, stdout=subprocess.PIPE).stdout
    assert len(content) > 1000, len(content)
    return content


if __name__ == "__main__":
    objcopy, *objects = sys.argv[1:]
    first, second = (read_code(objcopy, name) for name in objects)
    if first != second:
        sys.exit(f"{objects[0]} and {objects[1]} differ")
