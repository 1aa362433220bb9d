"""Checks that a tool's manual page and completions have every flag that its --help
lists, and no others.

usage: all_flags.py HELP MAN BASH ZSH FISH
"""
import re
import sys

help_text, man, bash, zsh, fish = (open(name).read() for name in sys.argv[1:])


def find_in_help():
    for line in help_text.splitlines():
        # Names of a flag stand in two columns, before what it takes.
        match = re.match(r"  (-.*)", line)
        for name in match[1].split("  ")[0].split(", ") if match else []:
            yield re.match(r"-[-\w]*", name)[0]


flags = set(find_in_help())
assert len(flags) > 20 and {"--help", "-h", "--isa"} <= flags, flags
found = {
    "man": {name.replace("\\-", "-") for name in re.findall(r"\\fB(\\-[^\\]*(?:\\-[^\\]*)*)\\fR", man)},
    "bash": set(re.search(r'words="(-[^"]*)"', bash)[1].replace("=", "").split()),
    "zsh": set(re.findall(r"^    '(?:\([^)]*\))?(--?[-\w]+)", zsh, re.MULTILINE)),
    "fish": {f"--{name}" for name in re.findall(r" -l ([-\w]+)", fish)} |
            {f"-{name}" for name in re.findall(r" -s (\w)", fish)},
}
for place, names in found.items():
    assert names == flags, (place, flags - names, names - flags)
