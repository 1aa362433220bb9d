"""Runs other programs, and puts their failures in one line."""
import subprocess
from pathlib import Path


def command(*words):
    """The output of a program, or of its failure."""
    done = subprocess.run([str(word) for word in words], text=True,
                          capture_output=True)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        how = lines[-1] if lines else "no message"
        raise RuntimeError(f"{Path(words[0]).name} ends with "
                           f"{done.returncode}: {how}")
    return done.stdout


def reason(error):
    """An exception in one line."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:200]
