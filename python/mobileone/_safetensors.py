"""A state dict as a safetensors file, which the compiler reads from a pipe."""
from __future__ import annotations

import json
import struct
from typing import Any, Iterator, Mapping

import numpy as np

_TYPES = {"float16": "F16", "float32": "F32", "float64": "F64", "int8": "I8", "int16": "I16",
          "int32": "I32", "int64": "I64", "uint8": "U8", "uint16": "U16", "uint32": "U32",
          "uint64": "U64", "bool": "BOOL"}


def _to_array(name: str, tensor: Any) -> np.ndarray:
    """A tensor of numpy or PyTorch, or what looks like one, as a dense little-endian
    array. bfloat16, which numpy lacks, becomes float32, which holds it exactly."""
    if not hasattr(tensor, "shape") or not hasattr(tensor, "dtype"):
        hint = ": give that dict itself" if isinstance(tensor, Mapping) else ""
        raise TypeError(f"{name}: expects a tensor, but got {type(tensor).__name__}{hint}")
    try:
        if hasattr(tensor, "detach"):
            tensor = tensor.detach().cpu()
            if str(tensor.dtype) == "torch.bfloat16":
                tensor = tensor.float()
            tensor = tensor.numpy()
        array = np.asarray(tensor)
    except (TypeError, RuntimeError, NotImplementedError) as error:
        raise TypeError(f"{name}: expects a dense tensor with data, but got "
                        f"{type(tensor).__name__}: {error}") from error
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    if array.dtype.name not in _TYPES:
        raise TypeError(f"{name}: expects numbers or booleans, but got {array.dtype}")
    # Of no dimensions, an array stays one.
    return np.asarray(array, array.dtype.newbyteorder("<"), order="C")


def iterate_bytes(state: Mapping[str, Any]) -> Iterator[memoryview]:
    """The file, in pieces. Raises TypeError or ValueError for what is no state dict."""
    header, arrays, end = {}, [], 0
    for name, tensor in state.items():
        if not isinstance(name, str):
            raise TypeError(f"expects names of tensors, but got the key {name!r}")
        if name == "__metadata__":
            raise ValueError("expects names of tensors, but got __metadata__, which safetensors "
                             "keeps for itself")
        # What modules store beside tensors, of any type.
        if name.endswith("_extra_state"):
            continue
        array = _to_array(name, tensor)
        header[name] = {"dtype": _TYPES[array.dtype.name], "shape": array.shape,
                        "data_offsets": [end, end + array.nbytes]}
        arrays.append(array)
        end += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    yield memoryview(struct.pack("<Q", len(text)) + text)
    for array in arrays:
        if array.size:
            yield memoryview(array.reshape(-1)).cast("B")
