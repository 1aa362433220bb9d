"""Runs commands and compares what they return.

usage: exit_codes.py TABLE

A line of the table is a number and a command; '#' begins a comment.
"""
import shlex
import subprocess
import sys

wrong = 0
for line in open(sys.argv[1]):
    line = line.strip()
    if not line or line.startswith("#"):
        continue
    expected, command = line.split(maxsplit=1)
    run = subprocess.run(shlex.split(command), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    # Who fails says why, and nothing else does.
    if run.returncode != int(expected) or (run.returncode != 0) != bool(run.stderr):
        print(f"expects {expected}, but got {run.returncode}: {command}\n{run.stderr}")
        wrong += 1
sys.exit(wrong != 0)
