"""The object of mobileone-opt, as a shared library in this process."""
import ctypes
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


class MobileOne:
    TITLE = "MobileOne"
    SETTINGS = ("the object that mobileone-opt writes without options; on "
                "several threads, workers {threads} of runtime/thread_pool.cpp")

    def convert(self, model):
        prefix = model.object.stem
        path = model.folder / f"{prefix}.so"
        words = [model.compiler, "-shared", "-o", path, model.object]
        if model.threads > 1:
            words += ["-O2", "-fPIC", "-pthread", f"-I{ROOT}",
                      f"-I{model.object.parent}", f"-DNAME={prefix}",
                      f'-DHEADER="{prefix}.h"', ROOT / "bench/threaded_call.c",
                      ROOT / "runtime/thread_pool.cpp", "-lstdc++"]
        subprocess.run(words, check=True)
        return path

    def load(self, path, image, threads):
        library = ctypes.CDLL(str(path))
        prefix = path.stem
        arena_bytes = getattr(library, f"{prefix}_arena_bytes")
        arena_bytes.restype = ctypes.c_size_t
        size = arena_bytes(ctypes.c_uint32(1), ctypes.c_uint32(threads))
        self.arena = np.empty(size + 64, np.uint8)
        start = -self.arena.ctypes.data % 64
        self.image = np.ascontiguousarray(image)
        self.output = np.empty(1000, np.float32)
        function = getattr(library, f"{prefix}_run")
        pointers = [ctypes.c_void_p(address) for address in (
            self.image.ctypes.data, self.output.ctypes.data,
            self.arena.ctypes.data + start)]
        if threads > 1:
            if library.bench_prepare(ctypes.c_uint32(threads), *pointers):
                raise RuntimeError(f"expects {threads} threads, but the system "
                                   "has no more")
            function, pointers = library.bench_run, ()

        def run():
            if error := function(*pointers):
                raise RuntimeError(f"{prefix} returns {error}")

        self.run = run

    def logits(self):
        return self.output.copy()
