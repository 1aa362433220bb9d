"""Runs a command on a terminal of 60 columns and prints what was written over there,
then what is on the screen when it has ended, and its status.

usage: screen.py [--interrupt=SIGNAL] [--term=NAME] [--pipe] COMMAND [ARGUMENT ...]

--interrupt sends the signal as soon as there is anything on the screen. --pipe has
a pipe for the standard error.
"""
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios

from terminal import read


def heed_signals():
    """Whoever started this may ignore some."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


arguments = sys.argv[1:]
interrupt, term, pipe = None, "xterm", False
while arguments[0].startswith("--"):
    flag, _, value = arguments.pop(0).partition("=")
    if flag == "--interrupt":
        interrupt = getattr(signal, value)
    elif flag == "--term":
        term = value
    else:
        pipe = True


COLUMNS = 60
main, terminal = pty.openpty()
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=terminal,
                           stderr=subprocess.PIPE if pipe else terminal,
                           env={**os.environ, "TERM": term}, preexec_fn=heed_signals)
os.close(terminal)
text = b""
for part in read(main):
    text += part
    if interrupt and text.strip():
        process.send_signal(interrupt)
        interrupt = None
errors = process.stderr.read().decode() if pipe else ""
status = process.wait()

lines, column, row = [[]], 0, ""
# The terminal puts the return before each end of line.
for character in text.decode().replace("\r\n", "\n"):
    assert character != "\x1b", text  # colours
    if character == "\n":
        lines.append([])
        row, column = "", 0
    elif character == "\b":
        column -= 1
    elif character == "\r":
        if row.strip():
            print("over:", row.strip())
        row = ""
        column = 0
    else:
        lines[-1][column:column + 1] = character
        row += character
        column += 1
for line in lines:
    line = "".join(line).rstrip()
    if line:
        print("screen:", line)
print("column:", column)
for line in errors.splitlines():
    print("pipe:", line)
print("status:", status)
