"""Compiles the same checkpoint in two surroundings and compares all files that are
written: another folder, path of the checkpoint, user, home, locale, time zone, date,
umask, and one core instead of all.

usage: reproducible.py FOLDER COMPILER CHECKPOINT [FLAG ...]
"""
import os
import shutil
import subprocess
import sys

folder, compiler, checkpoint, *flags = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
# Another length of each name, another place of everything in memory.
here, there = os.path.join(folder, "a"), os.path.join(folder, "another folder", "ö")
plain = {"PATH": os.environ["PATH"]}
other = {**plain, "HOME": "/nonexistent", "USER": "somebody", "LOGNAME": "somebody", "LC_ALL": "de_DE.UTF-8",
         "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "SOURCE_DATE_EPOCH": "86400", "TMPDIR": there,
         "COLUMNS": "33", "TERM": "dumb", "PADDING": "x" * 10000}
name = os.path.basename(checkpoint)
FORMS = ["net.o", "lib.a", "lib.so"] + [f"{stage}.mlirbc" for stage in ("train", "reparameterized", "planned", "linalg", "vector", "llvm")]
FORMS += ["net.s", "net.ll", "vector.mlir", "llvm.mlir"]


def compile_all(place, source, environment, cores, mask, extra):
    os.makedirs(place)
    # Before the copies, so that their dates differ, too.
    shutil.copyfile(checkpoint, os.path.join(place, name))
    os.utime(os.path.join(place, name), (mask, mask))
    for output in FORMS:
        stage, suffix = output.split(".")
        given = list(flags)
        if suffix.startswith("mlir"):  # which early stages know nothing of
            given = [flag for flag in flags if not flag.startswith(("--batch", "--instrument", "--weights"))]
            given.append(f"--emit={stage}")
        subprocess.run([compiler, source, *given, *extra, "-o", output], cwd=place, env=environment, check=True,
                       preexec_fn=lambda: (os.sched_setaffinity(0, cores), os.umask(mask)))
    os.remove(os.path.join(place, name))
    return sorted(os.listdir(place))


all_cores = os.sched_getaffinity(0)
first = compile_all(here, name, plain, all_cores, 0o022, [])
second = compile_all(there, os.path.abspath(os.path.join(there, name)), other, {min(all_cores)}, 0o077, ["--overwrite"])
assert first == second and {"net.o", "net.h", "net.json"} < set(first), (first, second)
wrong = []
for output in first:
    one, two = (open(os.path.join(place, output), "rb").read() for place in (here, there))
    assert len(one) > 1000, output
    if one != two:
        wrong.append(output)
sys.exit(f"differ: {wrong}" if wrong else 0)
