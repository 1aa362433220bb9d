"""Compiles files that are no good checkpoints, each in a process of its own.

usage: refuse.py MOBILEONE_OPT FOLDER

Fails unless every file is refused in one line that names it, without output and
with a peak of resident memory below 64 MB. Prints how many there were, and the
largest peak.
"""

import os
import subprocess
import sys
import tempfile

MAX_PEAK = 64 << 20

# S1 under the name of S0: nothing is wrong with it until S0 is asked for.
FLAGS = {"mobileone_s0.pth": ["--variant=s0"]}


def refuse(tool, path):
    """Returns the peak in bytes, or exits."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as errors:
        command = [tool, path, "-o", os.path.join(folder, "model.o"), *FLAGS.get(os.path.basename(path), [])]
        process = subprocess.Popen(command, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        lines = errors.read().decode().splitlines()
        if process.returncode != 1:
            sys.exit(f"{path}: expects exit status 1, but got {process.returncode}: {lines}")
        if len(lines) != 1 or not lines[0].startswith(f"mobileone-opt: error: {path}: "):
            sys.exit(f"{path}: expects one line that names the file, but got {lines}")
        if os.listdir(folder):
            sys.exit(f"{path}: expects no output, but got {os.listdir(folder)}")
        peak = usage.ru_maxrss << 10
        if peak >= MAX_PEAK:
            sys.exit(f"{path}: expects a peak below {MAX_PEAK} bytes, but got {peak}")
        return peak


def main():
    tool, folder = sys.argv[1:]
    names = sorted(name for name in os.listdir(folder) if name != "README.md")
    peaks = [refuse(tool, os.path.join(folder, name)) for name in names]
    print(f"{len(peaks)} refused, largest peak {max(peaks) / (1 << 20):.1f} MB")


if __name__ == "__main__":
    main()
