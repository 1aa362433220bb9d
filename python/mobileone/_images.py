"""A photograph as a network takes it: docs/Accuracy.md, by runtime/frame.h."""
from __future__ import annotations

from typing import Any, Optional

import numpy as np

from . import _abi
from ._info import ModelInfo
from ._runtime import make_input

# What a network is normalized by that does not say it: ImageNet's.
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


def prepare(image: Any, info: ModelInfo, raw: _abi.ModelInfo, resize: Optional[int]) -> np.ndarray:
    photo = np.asarray(image)
    if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3 or not photo.size:
        raise ValueError("expects an RGB image, uint8 [H, W, 3], but got "
                         f"{photo.dtype} {list(photo.shape)}")
    # Rows may have gaps, pixels may not.
    if photo.strides[1:] != (3, 1) or photo.strides[0] < photo.shape[1] * 3:
        photo = np.ascontiguousarray(photo)
    longest = max(raw.input_height, raw.input_width)
    if resize is not None and resize < longest:
        raise ValueError(f"resize: expects at least the {longest} pixels of the network's input, "
                         f"but got {resize}")
    network = _abi.ModelInfo.from_buffer_copy(raw)
    if not info.input.std:
        network.mean[:], network.std[:] = _MEAN, _STD
    output = np.empty(info.input.shape, info.input.dtype)
    make_input(photo, network, resize or 0, output)
    return output
