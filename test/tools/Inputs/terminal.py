"""Runs a command on a terminal of its own, prints what it wrote there, and ends as
it did; 'ESC' stands for the byte that begins a colour.

usage: terminal.py COMMAND [ARGUMENT ...]
"""
import os
import pty
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp(sys.argv[1], sys.argv[1:])
text = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end is closed
        break
    if not part:
        break
    text += part
status = os.waitpid(pid, 0)[1]
print(text.decode().replace("\x1b", "ESC").replace("\r", ""))
sys.exit(os.waitstatus_to_exitcode(status))
