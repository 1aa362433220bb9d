"""Runs a command on a terminal of its own, prints what it wrote there, and ends as
it did; 'ESC' stands for the byte that begins a colour.

usage: terminal.py COMMAND [ARGUMENT ...]
"""
import os
import pty
import sys


def read(terminal):
    """What is written to a terminal until its other end is closed, in parts."""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other end is closed
            return
        if not part:
            return
        yield part


if __name__ == "__main__":
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp(sys.argv[1], sys.argv[1:])
    text = b"".join(read(terminal))
    status = os.waitpid(pid, 0)[1]
    print(text.decode().replace("\x1b", "ESC").replace("\r", ""))
    sys.exit(os.waitstatus_to_exitcode(status))
