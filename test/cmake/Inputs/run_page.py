"""Does in a folder what a page says.

    run_page.py PAGE.md FOLDER

A block that begins with a comment of one word, as '# CMakeLists.txt' or '/* app.c */', is
written to the file of that name. Lines of a console block that begin with '$ ' are run, each
in a shell of its own; what the block shows below a command must be all that it prints.
Programs of $MOBILEONE/bin go before those of PATH.
"""
import os
import pathlib
import re
import subprocess
import sys

page, folder = map(pathlib.Path, sys.argv[1:])
os.environ["PATH"] = os.path.join(os.environ["MOBILEONE"], "bin:") + os.environ["PATH"]
for kind, text in re.findall(r"^```(\w+)\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE):
    name = re.match(r"(?:#|/\*|//) (\S+\.\w+)(?: \*/)?\n", text)
    if name:
        file = folder / name.group(1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    if kind != "console":
        continue
    for command, shown in re.findall(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
        print("$", command, flush=True)
        run = subprocess.run(["bash", "-c", f"set -eo pipefail; {command}"], cwd=folder,
                             stdout=subprocess.PIPE, text=True)
        print(run.stdout, end="", flush=True)
        if run.returncode or (shown and run.stdout != shown):
            sys.exit(f"expects this and status 0, but got status {run.returncode}:\n{shown}")
