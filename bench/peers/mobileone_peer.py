"""The object of mobileone-opt, as a shared library in this process."""
import ctypes
import subprocess

import numpy as np


class MobileOne:
    TITLE = "MobileOne"
    SETTINGS = "the object that mobileone-opt writes without options"

    def convert(self, model):
        path = model.object.with_suffix(".so")
        subprocess.run([model.compiler, "-shared", "-o", path, model.object],
                       check=True)
        return path

    def load(self, path, image):
        library = ctypes.CDLL(str(path))
        prefix = path.stem
        arena_bytes = getattr(library, f"{prefix}_arena_bytes")
        arena_bytes.restype = ctypes.c_size_t
        size = arena_bytes(ctypes.c_uint32(1), ctypes.c_uint32(1))
        self.arena = np.empty(size + 64, np.uint8)
        start = -self.arena.ctypes.data % 64
        self.image = np.ascontiguousarray(image)
        self.output = np.empty(1000, np.float32)
        function = getattr(library, f"{prefix}_run")
        pointers = [ctypes.c_void_p(address) for address in (
            self.image.ctypes.data, self.output.ctypes.data,
            self.arena.ctypes.data + start)]

        def run():
            if error := function(*pointers):
                raise RuntimeError(f"{prefix}_run returns {error}")

        self.run = run

    def logits(self):
        return self.output.copy()
