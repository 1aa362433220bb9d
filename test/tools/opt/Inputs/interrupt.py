"""Interrupts compiles at many moments.

usage: interrupt.py FOLDER COMMAND...

The command writes the files of FOLDER anew. After a signal they are all old or all new, and there are no others; a kill may
leave others, but every file is old or new. A signal that the parent ignores changes nothing.
"""
import os
import signal
import subprocess
import sys
import time

folder, command = sys.argv[1], sys.argv[2:]
MOMENTS = 4


def read_all():
    files = {}
    for entry in os.scandir(folder):
        with open(entry.path, "rb") as file:
            files[entry.name] = file.read()
    return files


def restore():
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    for name, content in old.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)


def start(ignored=None):
    return subprocess.Popen(command, preexec_fn=lambda: ignored and signal.signal(ignored, signal.SIG_IGN))


old = read_all()
begin = time.monotonic()
assert start().wait() == 0
duration = time.monotonic() - begin
new = read_all()
assert new.keys() == old.keys() and all(new[name] != old[name] for name in old)

for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]:
    for moment in range(MOMENTS):
        restore()
        process = start()
        time.sleep(duration * (moment + 0.5) / MOMENTS)
        process.send_signal(number)
        status = process.wait()
        assert status in (0, -number), (number, status)
        files = read_all()
        if number == signal.SIGKILL:
            assert all(files[name] in (old[name], new[name]) for name in old), files.keys()
        else:
            assert files in (old, new), (number, files.keys())
            assert status == 0 or files == old, number

# Without a pause, so that some come while the tool sets up its signals.
for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
    restore()
    process = start(ignored=number)
    while process.poll() is None:
        process.send_signal(number)
    assert process.wait() == 0, (number, process.returncode)
    assert read_all() == new, number
