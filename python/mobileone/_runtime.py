"""runtime/ as a library of this package: pools of threads, inputs from images, and
the check of weights."""
from __future__ import annotations

import contextlib
import ctypes
import os
from collections import defaultdict, deque
from ctypes import POINTER, byref, c_int, c_size_t, c_uint32, c_void_p
from functools import lru_cache
from typing import Deque, Dict, Iterator

import numpy as np

from . import _abi
from ._errors import RunError
from ._package import find_library


@lru_cache(maxsize=None)
def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(str(find_library("libmobileone_python.so")))
    for name, result, *arguments in [
            ("mobileone_thread_pool_create", c_void_p, c_uint32),
            ("mobileone_usable_cores", c_uint32),
            ("mobileone_frame_crop", _abi.Crop, POINTER(_abi.Frame), POINTER(_abi.ModelInfo),
             c_uint32),
            ("mobileone_frame_scratch_bytes", c_size_t, POINTER(_abi.Frame),
             POINTER(_abi.ModelInfo), POINTER(_abi.Crop)),
            ("mobileone_frame_to_input", c_int, POINTER(_abi.Frame), POINTER(_abi.ModelInfo),
             POINTER(_abi.Crop), c_void_p, c_size_t, c_void_p, c_size_t, c_void_p),
            ("mobileone_weights_check", c_int, c_void_p, c_size_t, c_void_p)]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


# Pools of no running call, by their number of threads. Calls that run at once
# have one each: a pool serves one at a time.
_idle: Dict[int, Deque[int]] = defaultdict(deque)

# A child of fork() has none of the threads: what it inherits would wait for ever.
os.register_at_fork(after_in_child=_idle.clear)


@contextlib.contextmanager
def borrow_pool(threads: int) -> Iterator[int]:
    """A pool of `threads` threads, the caller's among them, for one call."""
    idle = _idle[threads]
    try:
        pool = idle.pop()
    except IndexError:
        pool = _load().mobileone_thread_pool_create(threads)
        if not pool:
            raise RunError(f"the system cannot start {threads} threads") from None
    try:
        yield pool
    finally:
        idle.append(pool)


def get_parallel_for() -> int:
    """The address of the mobileone_parallel_for that takes a pool."""
    return ctypes.cast(_load().mobileone_thread_pool_run, c_void_p).value


def count_usable_cores() -> int:
    """The cores that this thread may use, by its affinity and the CPU quota of its
    control groups."""
    return _load().mobileone_usable_cores()


def check_weights(weights: np.ndarray, info: int) -> int:
    """Whether all bytes of a NAME.weights are those of the model whose
    mobileone_model_info is at the address `info`: 0, or a mobileone_error."""
    return _load().mobileone_weights_check(weights.ctypes.data, weights.nbytes, info)


def make_input(image: np.ndarray, network: _abi.ModelInfo, short_edge: int,
               output: np.ndarray) -> None:
    """Writes to `output` what `network` takes of the middle of an RGB image, uint8 [H, W, 3]
    of dense pixels, resized so that its short edge has `short_edge` pixels; 0: in the ratio
    of mobileone-run. Raises ValueError for an image that cannot be resized so."""
    library = _load()
    frame = _abi.Frame(width=image.shape[1], height=image.shape[0])
    frame.planes[0], frame.row_bytes[0] = image.ctypes.data, image.strides[0]
    crop = library.mobileone_frame_crop(byref(frame), byref(network), short_edge)
    needed = library.mobileone_frame_scratch_bytes(byref(frame), byref(network), byref(crop))
    if not needed:
        raise ValueError(f"expects an image that can be resized, but got {list(image.shape)} and "
                         f"a short edge of {short_edge}")
    scratch = np.empty(needed, np.uint8)
    error = library.mobileone_frame_to_input(
        byref(frame), byref(network), byref(crop), output.ctypes.data, output.nbytes,
        scratch.ctypes.data, scratch.nbytes, None)
    if error:
        raise RunError(_abi.ERRORS.get(error, str(error)), error)
