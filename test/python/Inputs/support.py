"""What the tests of the Python package share: small networks, compiled once."""
import atexit
import functools
import json
import os
import pathlib
import shutil
import tempfile

import make_checkpoint
import numpy as np

import mobileone

ROOT = pathlib.Path(os.environ["MOBILEONE_ROOT"])
FASHION = ROOT / "examples" / "fashion"
TINY = json.loads((ROOT / "test" / "Inputs" / "tiny.json").read_text())
FLAGS = {"variant": TINY, "image_size": (33, 47)}

folder = pathlib.Path(tempfile.mkdtemp())
atexit.register(shutil.rmtree, folder)


@functools.lru_cache(maxsize=None)
def make_state():
    """The state dict of a small network, as numpy arrays."""
    tensors = make_checkpoint.make_tensors(TINY, deploy=False)
    return {key: np.array(values, np.float32).reshape(shape)
            for key, (shape, values) in tensors.items()}


@functools.lru_cache(maxsize=None)
def make_file():
    """The same network as a file."""
    path = folder / "tiny.safetensors"
    make_checkpoint.write_safetensors(path, make_checkpoint.make_tensors(TINY, deploy=False))
    return path


@functools.lru_cache(maxsize=None)
def compile_tiny(isa="x86-64-v2", **flags):
    return mobileone.compile(make_state(), isa=isa, **FLAGS, **flags)


def make_images(count, shape=(3, 33, 47)):
    return np.random.default_rng(7).standard_normal((count, *shape)).astype(np.float32)
