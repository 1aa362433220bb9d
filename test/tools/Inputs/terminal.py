"""Runs a command with a terminal as its output and error stream, and prints
what it wrote there; 'ESC' stands for the byte that begins a colour.

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
os.waitpid(pid, 0)
print(text.decode().replace("\x1b", "ESC").replace("\r", ""))
