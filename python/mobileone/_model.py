"""A network that is loaded into this process."""
from __future__ import annotations

import _ctypes
import contextlib
import ctypes
import mmap
import numbers
import os
import tempfile
import threading
import weakref
from collections import deque
from pathlib import Path
from typing import Any, Deque, Mapping, Optional, Set, Tuple, Union

import numpy as np

from . import _abi
from ._elf import find_prefix
from ._errors import RunError
from ._images import prepare
from ._info import ModelInfo, list_sizes, read_info
from ._runtime import borrow_pool, check_weights, count_usable_cores, get_parallel_for

# What a network's files are called behind NAME. The library last: it is never there
# without its weights.
SUFFIXES = (".h", ".json", ".weights", ".so")

Result = Union[np.ndarray, Tuple[np.ndarray, ...]]


class Model:
    """A compiled network, called like a function.

    `model(images)` takes one image of `model.info.input.shape` or a batch of any
    number, and returns one float32 array of `model.info.outputs[0].shape`, with the
    batch in front where there was one. A network for several image sizes takes images
    of each, and gives what `model.sizes` says of it.

    Any number of Python threads may call one model at once: calls release the GIL
    and share nothing but weights. A model can be pickled, which takes the bytes of
    its file along. Made by `compile` and `load`.
    """

    def __init__(self, path: Path):
        # Mapped, the bytes stay when the files are replaced or removed.
        self._files = {suffix: _map(path.with_suffix(suffix)) for suffix in SUFFIXES
                       if suffix == ".so" or path.with_suffix(suffix).is_file()}
        self._name = path.stem
        self._prefix = find_prefix(str(path), memoryview(self._files[".so"]))
        library = _open(self, path)
        self._run = _abi.RunEx((self._prefix + "_run_ex", library))
        self._arena_bytes = _abi.ArenaBytes((self._prefix + "_arena_bytes", library))
        raw = _abi.Info((self._prefix + "_info", library))().contents
        level = _abi.Isa((self._prefix + "_isa", library))()
        self._raw = list_sizes(raw, str(path))  # of the library, which stays
        self._sizes = tuple(read_info(size, level, str(path)) for size in self._raw)
        self._weights = None
        if raw.external_weights:
            self._weights = self._check_weights(path.with_suffix(".weights"), raw)
        else:
            self._files.pop(".weights", None)  # another network's
        self._arenas: Deque[np.ndarray] = deque()

    def _check_weights(self, path: Path, raw: _abi.ModelInfo) -> np.ndarray:
        """The bytes of NAME.weights. Reads all of them once."""
        if ".weights" not in self._files:
            raise RunError(f"{path}: expects the weights of the network, but there is no such file")
        weights = np.frombuffer(self._files[".weights"], np.uint8)
        error = check_weights(weights, ctypes.addressof(raw))
        if error:
            raise RunError(f"{path}: {_abi.ERRORS.get(error, error)}", error)
        return weights

    @property
    def info(self) -> ModelInfo:
        """Shapes, layouts, normalization, levels, costs, digest and layers; of a network
        for several image sizes, of the first."""
        return self._sizes[0]

    @property
    def sizes(self) -> Tuple[ModelInfo, ...]:
        """The same for each image size that the network was compiled for."""
        return self._sizes

    @property
    def prefix(self) -> str:
        """What the names of its C functions begin with."""
        return self._prefix

    def __repr__(self) -> str:
        info = self.info
        shape = " or ".join("x".join(map(str, size.input.shape)) for size in self._sizes)
        outputs = ", ".join(f"{output.name} {'x'.join(map(str, output.shape))}"
                            for output in info.outputs)
        return (f"<mobileone.Model {self._prefix}: {info.variant} {info.precision}, "
                f"{info.input.layout} {shape} to {outputs}, "
                f"{info.isa_in_use or 'no level'} of this CPU>")

    def __call__(self, images: Any, *, threads: int = 1, isa: Optional[str] = None) -> Result:
        """Runs the network on one image or a batch.

        `images` has the shape of `info.input`, or that behind a first dimension of any
        number of images. A network of floats takes any real floating type, converted to
        float32; one of bytes uint8 alone. An array whose rows are dense is not copied: of
        one image, rows may have gaps, as in a crop `photo[y:y + h, x:x + w]`.

        `threads` share the call, this thread among them; 0 means as many as cores are
        free to this process. The result has the same bits for every number. `isa` runs
        another level than the best that the CPU has, as "x86-64-v3".

        Raises TypeError for an element type, ValueError for a shape or a number,
        RunError where the CPU has none of the network's levels.
        """
        array, is_batch, info = _check_images(images, self._sizes)
        if not isinstance(threads, (int, np.integer)) or threads < 0:
            raise ValueError(f"threads: expects a number from 0 up, but got {threads!r}")
        level = 0
        if isa is not None:
            if isa not in info.isa:
                raise ValueError(f"isa: expects {' or '.join(info.isa)}, but got {isa!r}")
            level = _abi.ISA_LEVELS[isa]
        count = len(array)
        results = tuple(np.empty((count,) + output.shape, np.float32)
                        for output in info.outputs)
        if count:
            self._call(info, array, results, int(threads) or count_usable_cores(), level)
        if not is_batch:
            results = tuple(result[0] for result in results)
        return results[0] if len(results) == 1 else results

    def prepare(self, image: Any, *, resize: Optional[int] = None,
                size: Union[int, Tuple[int, int], None] = None) -> np.ndarray:
        """A photograph as the network takes it, for a call.

        `image` is decoded RGB, uint8 [H, W, 3], or what numpy makes one of, as a PIL image
        in mode RGB. It is resized with an antialiased bilinear filter so that its short edge
        has `resize` pixels (256 for a network of 224x224, and in that ratio), its middle is
        cropped, and a network of floats gets it normalized: all as `mobileone-run --image`
        does, to the bit. `size`, height and width or one number for both, is that of a
        network for several image sizes where it is not the first. Raises ValueError.
        """
        number = 0
        if size is not None:
            sides = (size, size) if isinstance(size, numbers.Integral) else tuple(size)
            known = [(raw.input_height, raw.input_width) for raw in self._raw]
            if sides not in known:
                raise ValueError(f"size: expects {' or '.join(map(str, known))}, but got {size!r}")
            number = known.index(sides)
        return prepare(image, self._sizes[number], self._raw[number], resize)

    def _call(self, info: ModelInfo, images: np.ndarray, results: Tuple[np.ndarray, ...],
              threads: int, level: int) -> None:
        images, row_bytes = _lay_out(images, info)
        height, width = images.shape[2:] if info.input.layout == "f32-nchw" else images.shape[1:3]
        detail = _abi.ErrorDetail()
        call = _abi.Call(
            struct_size=ctypes.sizeof(_abi.Call), batch=len(images), height=height, width=width,
            input=images.ctypes.data, input_bytes=_count_span(images),
            input_row_bytes=row_bytes,
            outputs=(ctypes.c_void_p * len(results))(*(r.ctypes.data for r in results)),
            output_bytes=(ctypes.c_size_t * len(results))(*(r.nbytes for r in results)),
            output_count=len(results), workers=threads, isa=level,
            detail=ctypes.pointer(detail))
        if self._weights is not None:
            call.weights = self._weights.ctypes.data
            call.weights_bytes = self._weights.nbytes
        with contextlib.ExitStack() as stack:
            if threads > 1:
                call.parallel_user = stack.enter_context(borrow_pool(threads))
                call.parallel_for = get_parallel_for()
            arena = stack.enter_context(self._borrow_arena(len(images), threads))
            call.arena, call.arena_bytes = arena.ctypes.data, arena.nbytes
            error = self._run(ctypes.byref(call))
        if error:
            raise _describe(error, detail, info)

    @contextlib.contextmanager
    def _borrow_arena(self, batch: int, threads: int):
        """Scratch memory of one call. Calls that run at once have one each, and those
        that follow find warm memory."""
        needed = self._arena_bytes(batch, threads)
        if not needed:
            raise ValueError(f"expects a batch that memory can hold, but got {batch} images")
        try:
            arena = self._arenas.pop()
        except IndexError:
            arena = None
        if arena is None or arena.nbytes < needed:
            memory = np.empty(needed + _abi.ARENA_ALIGN, np.uint8)
            start = -memory.ctypes.data % _abi.ARENA_ALIGN
            arena = memory[start:start + needed]
        try:
            yield arena
        finally:
            self._arenas.append(arena)

    def save(self, path: Union[str, os.PathLike]) -> Path:
        """Copies the shared library to `path`, NAME.so, with NAME.h, NAME.json and
        NAME.weights beside it where there are such files. Returns the path.

        An object file or archive for an app is what `compile_to` writes.
        """
        path = Path(path)
        if path.suffix != ".so":
            raise ValueError(f"{path}: expects the suffix .so: a model is a loaded shared library. "
                             "mobileone.compile_to(source, 'NAME.o') writes an object file")
        for suffix, content in self._files.items():
            _write(path.with_suffix(suffix), content)
        return path

    def __reduce__(self):
        return _unpickle, (self._name, {suffix: bytes(file) for suffix, file in
                                        self._files.items()})


def load(path: Union[str, os.PathLike]) -> Model:
    """Loads a network's shared library, which `Model.save`, `compile_to` or
    `mobileone-opt -o NAME.so` wrote. Takes milliseconds.

    All that is known of it is read from the library itself. Weights that are outside
    are mapped from NAME.weights beside it.

    Raises OSError where there is no such file, RunError where it is no network for
    this machine. Loading a library runs its code: load only what you trust.
    """
    return Model(Path(path))


# Under which names libraries are loaded. The dynamic linker takes what it has by a
# name without a look at the file, which may be another one by now.
_names: Set[str] = set()
_names_lock = threading.Lock()


def _open(model: Model, path: Path) -> ctypes.CDLL:
    """Loads a library for as long as `model` lives."""
    folder, name = os.path.split(path.resolve())
    with _names_lock:
        while os.path.join(folder, name) in _names:
            name = os.path.join(os.curdir, name)
        name = os.path.join(folder, name)
        try:
            library = ctypes.CDLL(name, mode=os.RTLD_NOW | os.RTLD_LOCAL)
        except OSError as error:
            raise RunError(f"{path}: cannot be loaded: {error}") from None
        _names.add(name)
    # Not at exit, when a daemon thread may still be in a call.
    weakref.finalize(model, _close, name, library._handle).atexit = False
    return library


def _close(name: str, handle: int) -> None:
    _ctypes.dlclose(handle)
    _names.discard(name)


def _unpickle(name: str, files: Mapping[str, bytes]) -> Model:
    with tempfile.TemporaryDirectory(prefix="mobileone-") as folder:
        for suffix, content in files.items():
            Path(folder, name + suffix).write_bytes(content)
        return Model(Path(folder, name + ".so"))


def _map(path: Path) -> mmap.mmap:
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise RunError(f"{path}: expects content, but got an empty file")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _write(path: Path, content: mmap.mmap) -> None:
    """The file is always whole, and whoever maps the old one keeps it."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            # As open() would have made it.
            mask = os.umask(0)
            os.umask(mask)
            os.fchmod(file.fileno(), 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _check_images(images: Any, sizes: Tuple[ModelInfo, ...]
                  ) -> Tuple[np.ndarray, bool, ModelInfo]:
    """A batch of the network's element type, whether the caller gave a batch, and
    which size the images have."""
    array = np.asarray(images)
    info = sizes[0]
    wanted = np.dtype(info.input.dtype)
    described = f"{wanted.name} " + " or ".join(
        f"{list(size.input.shape)} or [N, {', '.join(map(str, size.input.shape))}]"
        for size in sizes)
    if wanted == np.uint8:
        if array.dtype != np.uint8:
            raise TypeError(f"expects {described}: pixels of 0 to 255, but got {array.dtype}")
    elif array.dtype.kind != "f":
        raise TypeError(f"expects {described}: normalized pixels, but got {array.dtype}; for bytes "
                        "compile with input='u8-nhwc'")
    is_batch = array.ndim == 4
    shape = array.shape[1:] if is_batch else array.shape
    info = next((size for size in sizes if size.input.shape == shape), None)
    if info is None:
        raise ValueError(f"expects {described} ({sizes[0].input.layout}), "
                         f"but got {list(array.shape)}")
    if not is_batch:
        array = array[np.newaxis]
    return array.astype(wanted, copy=False), is_batch, info


def _lay_out(images: np.ndarray, info: ModelInfo) -> Tuple[np.ndarray, int]:
    """Images as a call takes them, and the bytes from row to row; a copy where they
    lie otherwise."""
    item = images.itemsize
    row_axis = 2 if info.input.layout == "f32-nchw" else 1
    row_bytes = images.strides[row_axis]
    dense = int(np.prod(images.shape[row_axis + 1:])) * item
    # Each row, plane and image follows the one before at the same distance.
    expected, distance = [], row_bytes
    for axis in range(row_axis, -1, -1):
        expected.append((axis, distance))
        distance *= images.shape[axis]
    inner, distance = [], item
    for axis in range(images.ndim - 1, row_axis, -1):
        inner.append((axis, distance))
        distance *= images.shape[axis]
    is_fit = (row_bytes >= dense and row_bytes % item == 0 and images.ctypes.data % item == 0
              and all(images.shape[axis] == 1 or images.strides[axis] == distance
                      for axis, distance in expected + inner))
    if is_fit:
        return images, row_bytes
    return np.array(images, order="C"), 0


def _count_span(images: np.ndarray) -> int:
    """The bytes from the first element to the end of the last."""
    return sum((n - 1) * stride for n, stride in zip(images.shape, images.strides)
               ) + images.itemsize


def _describe(error: int, detail: _abi.ErrorDetail, info: ModelInfo) -> RunError:
    text = _abi.ERRORS.get(error, f"unknown error {error}")
    if error == _abi.UNSUPPORTED_CPU:
        text += f": {', '.join(info.isa)}"
    if detail.field:
        text += f" ({detail.field.decode()}: expects {detail.expected}, but got {detail.actual})"
    return RunError(text, error)
