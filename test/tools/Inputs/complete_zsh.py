"""Types a line and TAB into a zsh on a terminal of its own, and prints what it shows.

usage: complete_zsh.py COMPLETIONS HOME LINE

COMPLETIONS is the folder of _mobileone-opt and _mobileone-run, HOME an empty one.
"""
import os
import pty
import re
import select
import sys

completions, home, line = sys.argv[1:]
with open(os.path.join(home, ".zshrc"), "w") as file:
    file.write(f"fpath=('{completions}' $fpath)\nautoload -Uz compinit && compinit -u -D\n"
               "LISTMAX=10000\nPS1='READY> '\n")
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="vt100", ZDOTDIR=home, HOME=home, COLUMNS="200", LINES="1000")
    os.execvp("zsh", ["zsh", "-o", "no_global_rcs", "-i"])


def read_until_quiet(seconds, ready=None):
    """What is shown until there is nothing new for so long, or for a minute until `ready` is there."""
    text = b""
    while select.select([terminal], [], [], 60 if ready and ready not in text else seconds)[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        text += part
    return text


read_until_quiet(0.5, b"READY> ")
os.write(terminal, line.encode() + b"\t")
shown = read_until_quiet(3)
os.write(terminal, b"\x15exit\r")
os.close(terminal)
os.waitpid(pid, 0)
print(re.sub(r"\x1b(\[[?0-9;]*[A-Za-z]|.)|[\r\x07]", "", shown.decode()))
