"""A photograph as a network takes it: docs/Accuracy.md, in numpy."""
from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ._info import ModelInfo
from ._runtime import resize_crop


def prepare(image: Any, info: ModelInfo, resize: Optional[int]) -> np.ndarray:
    photo = np.asarray(image)
    if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3 or not photo.size:
        raise ValueError("expects an RGB image, uint8 [H, W, 3], but got "
                         f"{photo.dtype} {list(photo.shape)}")
    # Rows may have gaps, pixels may not.
    if photo.strides[1:] != (3, 1) or photo.strides[0] < photo.shape[1] * 3:
        photo = np.ascontiguousarray(photo)
    shape = info.input.shape
    height, width = shape[1:] if info.input.layout == "f32-nchw" else shape[:2]
    longest = max(height, width)
    short_edge = longest * 256 // 224 if resize is None else resize
    if short_edge < longest:
        raise ValueError(f"resize: expects at least the {longest} pixels of the network's input, "
                         f"but got {short_edge}")
    crop = resize_crop(photo, short_edge, height, width)
    return _order(crop, info) if info.input.dtype == "uint8" else _normalize(crop, info)


def _order(crop: np.ndarray, info: ModelInfo) -> np.ndarray:
    """Pixels in the network's order of channels; alpha is opaque."""
    ordered = np.full(info.input.shape, 255, np.uint8)
    ordered[..., :3] = crop[..., ::-1] if info.input.channels.startswith("bgr") else crop
    return ordered


def _normalize(crop: np.ndarray, info: ModelInfo) -> np.ndarray:
    """In float32 and in this order, as torchvision's ToTensor and Normalize."""
    mean = info.input.mean or (0.485, 0.456, 0.406)
    std = info.input.std or (0.229, 0.224, 0.225)
    values = np.arange(256, dtype=np.float32) / np.float32(255)
    planes = [((values - np.float32(mean[c])) / np.float32(std[c]))[crop[..., c]]
              for c in range(3)]
    return np.stack(planes, axis=0 if info.input.layout == "f32-nchw" else -1)
