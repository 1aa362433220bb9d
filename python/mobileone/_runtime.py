"""runtime/ as a library of this package: pools of threads, the resize of images, and
the check of weights."""
from __future__ import annotations

import contextlib
import ctypes
import os
from collections import defaultdict, deque
from ctypes import POINTER, c_int, c_size_t, c_uint32, c_void_p
from functools import lru_cache
from typing import Deque, Dict, Iterator

import numpy as np

from ._errors import RunError
from ._package import find_library


class _Crop(ctypes.Structure):
    """mobileone_crop"""
    _fields_ = [(name, c_uint32) for name in
                ("resized_width", "resized_height", "left", "top", "width", "height")]


@lru_cache(maxsize=None)
def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(str(find_library("libmobileone_python.so")))
    for name, result, *arguments in [
            ("mobileone_thread_pool_create", c_void_p, c_uint32),
            ("mobileone_usable_cores", c_uint32),
            ("mobileone_center_crop", _Crop, *[c_uint32] * 5),
            ("mobileone_resize_crop", c_int, c_void_p, c_uint32, c_uint32, c_size_t,
             POINTER(_Crop), c_void_p),
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


def resize_crop(image: np.ndarray, short_edge: int, height: int, width: int) -> np.ndarray:
    """The middle of an RGB image, uint8 [H, W, 3] of dense pixels, resized so that its
    short edge has `short_edge` pixels. Raises MemoryError."""
    library = _load()
    crop = library.mobileone_center_crop(image.shape[1], image.shape[0], short_edge, width, height)
    output = np.empty((height, width, 3), np.uint8)
    if library.mobileone_resize_crop(image.ctypes.data, image.shape[1], image.shape[0],
                                     image.strides[0], ctypes.byref(crop), output.ctypes.data):
        raise MemoryError("not enough memory for the resize")
    return output
