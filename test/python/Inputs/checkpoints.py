"""Reads a safetensors file, apart from the package."""
import json
import pathlib
import struct

import numpy as np

TYPES = {"F16": "<f2", "F32": "<f4", "I64": "<i8"}


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    size, = struct.unpack_from("<Q", data)
    return {key: np.frombuffer(data, TYPES[entry["dtype"]],
                               offset=8 + size + entry["data_offsets"][0],
                               count=int(np.prod(entry["shape"]))).reshape(entry["shape"])
            for key, entry in json.loads(data[8:8 + size]).items() if key != "__metadata__"}
