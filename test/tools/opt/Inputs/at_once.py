"""Runs compiles at once that write the same files: the last one's are there, all of them.

usage: at_once.py FOLDER MOBILEONE_OPT IR
"""
import os
import subprocess
import sys

folder, tool, ir = sys.argv[1:]
PREFIXES = ["a", "b", "c"]
ROUNDS = 2


def start(prefix, name):
    os.makedirs(os.path.join(folder, name), exist_ok=True)
    return subprocess.Popen(
        [tool, ir, "--isa=x86-64-v2", f"--prefix={prefix}", "-o", os.path.join(folder, name, "net.o")])


def read_all(name):
    files = {}
    for entry in os.scandir(os.path.join(folder, name)):
        with open(entry.path, "rb") as file:
            files[entry.name] = file.read()
    return files


for prefix in PREFIXES:
    assert start(prefix, prefix).wait() == 0
alone = [read_all(prefix) for prefix in PREFIXES]
for _ in range(ROUNDS):
    for process in [start(prefix, "shared") for prefix in PREFIXES]:
        assert process.wait() == 0
    assert read_all("shared") in alone
