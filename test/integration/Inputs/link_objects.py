"""Makes what the tests of linkers link, once for all of them.

    link_objects.py FOLDER MOBILEONE_OPT MOBILEONE_RUN GENERATE_PY

In FOLDER: s0 to s4 as objects and headers, s0 also under the prefixes left and right,
image.npy, and the logits as mobileone-run has them of the same bytes: of these seven in a
row in expected-all, of left and right in expected. Tests that come at once wait for the first; a new compiler makes all anew.
"""
import fcntl
import pathlib
import subprocess
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
opt, run, generate = sys.argv[2:]
folder.mkdir(parents=True, exist_ok=True)


def make_checkpoint(variant):
    subprocess.run([sys.executable, generate, "--variant", variant, "--form", "deploy",
                    "--out", folder / f"{variant}.safetensors"], check=True)


def make(name, variant, *flags):
    subprocess.run([opt, folder / f"{variant}.safetensors", "--image-size=32x32",
                    "--isa=native", *flags, "-o", folder / f"{name}.o"], check=True)
    subprocess.run([run, folder / f"{name}.o", "--input", folder / "image.npy",
                    "--output", folder / "logits.npy"], check=True)
    return np.load(folder / "logits.npy").astype("<f4").tobytes()


def make_all():
    image = np.random.default_rng(1).standard_normal((1, 3, 32, 32), dtype=np.float32)
    np.save(folder / "image.npy", image)
    make_checkpoint("s0")
    expected = make("left", "s0", "--prefix=left") + make("right", "s0", "--prefix=right")
    (folder / "expected").write_bytes(expected)
    for variant in ["s0", "s1", "s2", "s3", "s4"]:
        make_checkpoint(variant)
        expected += make(variant, variant)
        (folder / f"{variant}.safetensors").unlink()
    (folder / "expected-all").write_bytes(expected)


with open(folder / "lock", "w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    stamp = folder / "made-by"
    made_by = str(pathlib.Path(opt).stat().st_mtime_ns)
    if not stamp.exists() or stamp.read_text() != made_by:
        make_all()
        stamp.write_text(made_by)
