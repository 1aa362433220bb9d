"""Compares the flags that a tool's --help lists with those of its table in the
README: a row there begins with them, and the table with the tool's name.

usage: compare_flags.py README.md HELP.txt
"""
import re
import sys

readme, help_text = sys.argv[1:]

text = open(help_text).read()
tool = re.search(r"usage: (\S+)", text)[1]
flags_of_help = set()
for line in text.splitlines():
    match = re.match(r"  (-[^ ,=[]+)", line)
    if match and not re.match(r"  (-h|--help|--version|--[^ ]*mobileone)", line):
        flags_of_help.add(match[1])

flags_of_readme = set()
lines = open(readme).read().splitlines()
start = next(i for i, line in enumerate(lines) if line.startswith(f"| `{tool}` |"))
for line in lines[start + 1 :]:
    if not line.startswith("|"):
        break
    flags_of_readme.update(re.findall(r"`(--?[a-z][a-z0-9-]*)", line.split("|")[1]))

print("only in --help:", *sorted(flags_of_help - flags_of_readme))
print("only in the README:", *sorted(flags_of_readme - flags_of_help))
sys.exit(not flags_of_help or flags_of_help != flags_of_readme)
