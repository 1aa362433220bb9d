"""Writes the C and C++ code of a page to the files code-0, code-1, ... of a folder."""
import pathlib
import re
import sys

page, folder = map(pathlib.Path, sys.argv[1:])
for index, code in enumerate(re.findall(r"```c(?:pp)?\n(.*?)```", page.read_text(), re.DOTALL)):
    (folder / f"code-{index}").write_text(code)
