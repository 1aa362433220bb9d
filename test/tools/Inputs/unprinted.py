"""Runs both tools where the standard output takes nothing: full, closed, or a pipe without a reader."""
import os
import subprocess
import sys

opt, run, ir, model = sys.argv[1:]
commands = [
    [opt, "--help"], [opt, "--version"], [opt, "--show-dialects"], [opt, "--list-passes"],
    [opt, ir], [opt, ir, "--emit=train"], [opt, ir, "--emit=asm", "--isa=x86-64-v2"],
    [opt, ir, "-o", "-", "--emit-bytecode"], [opt, "--emit=stats", "--variant=s0"],
    [run, "--help"], [run, model, "--bench", "--rounds=1"],
    [run, model, "--input", os.path.dirname(__file__) + "/../run/Inputs/bytes-nhwc.npy", "--output", "-"],
]


def start(command, stdout, **more):
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, **more)


def start_with_pipe(command, **more):
    """Nobody reads what it prints."""
    reader, writer = os.pipe()
    os.close(reader)
    done = start(command, writer, **more)
    os.close(writer)
    return done


for command in commands:
    tool = os.path.basename(command[0])
    with open("/dev/full", "w") as full:
        cases = {
            "full": start(command, full),
            "closed": start(["sh", "-c", '"$@" >&-', "-"] + command, None),
            "pipe": start_with_pipe(command),
            "pipe without SIGPIPE": start_with_pipe(command, restore_signals=False),
        }
        unseen = subprocess.run(command, stdout=full, stderr=full)
    for name, done in cases.items():
        where = f"{command}: {name}: {done.returncode} {done.stderr!r}"
        assert done.returncode == 1, where
        says = done.stderr.startswith(f"{tool}: error: ") and "cannot be written: " in done.stderr
        assert says or (name.startswith("pipe") and done.stderr == ""), where
    assert unseen.returncode == 1, (command, unseen.returncode)

# A note and the message of another error, unseen.
with open("/dev/full", "w") as full:
    for command in [[opt, "none"], [run, "none.o", "--bench"], [run, model, "--eval", "none"],
                    [run, model, "--bench", "--threads=256"]]:
        assert subprocess.run(command, stderr=full).returncode == 1, command
