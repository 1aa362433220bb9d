"""What a compiled network says of itself."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import List, Optional, Tuple

from . import _abi
from ._errors import RunError


@dataclass(frozen=True)
class Input:
    """The images that a network takes.

    `layout` is "f32-nchw", "f32-nhwc" or "u8-nhwc", `shape` that of one image,
    `dtype` "float32" or "uint8". `channels` is the order of a pixel's: "rgb",
    "bgr", "rgba" or "bgra".

    `mean` and `std` are of red, green and blue, or of fewer channels, in 0..1: a
    network of bytes applies them itself, and of floats they are what the caller
    should have applied. None: unknown.
    """
    layout: str
    shape: Tuple[int, int, int]
    dtype: str
    channels: str
    mean: Optional[Tuple[float, ...]]
    std: Optional[Tuple[float, ...]]


@dataclass(frozen=True)
class Output:
    """One thing that a network gives for one image, always float32.

    `kind` is "logits", "softmax", "embedding" or "features", `shape` (numbers,),
    (channels, height, width) or, where `layout` is "nhwc" and not "nchw", (height,
    width, channels); of numbers it is None. `name` is "stage1" of a stage's feature map, else as the kind or as the checkpoint
    calls it; `stride` are the image's pixels for one of a map, 0 of numbers.
    """
    name: str
    kind: str
    shape: Tuple[int, ...]
    layout: Optional[str]
    stride: int


@dataclass(frozen=True)
class Layer:
    """One layer: the size of its result, and its multiply-adds for one image.

    `algorithm` is "classical", "strassen" or, of two levels, "strassen2"; multiply-adds are of all products.
    """
    name: str
    height: int
    width: int
    channels: int
    algorithm: str
    multiply_adds: int


@dataclass(frozen=True)
class ModelInfo:
    """Facts of a network for one image size, from the object itself.

    `isa` are the levels that it has code for, `isa_in_use` the one that this CPU
    runs, None if it runs none. `weights` are "embed" or "external"; `weights_sha256` is of the packed weights,
    `interface_hash` of the C header. `arena_bytes` is memory that one image takes
    on one thread; `worker_bytes` each further one; `sums_bytes` is what of either
    Strassen's algorithm takes; `weight_sums_bytes` is what of `weights_bytes`
    are sums of weights for it.
    """
    variant: str
    precision: str
    input: Input
    outputs: Tuple[Output, ...]
    batch: int
    target: str
    isa: Tuple[str, ...]
    isa_in_use: Optional[str]
    parameters: int
    multiply_adds: int
    weights: str
    weights_bytes: int
    weights_sha256: str
    arena_bytes: int
    worker_bytes: int
    sums_bytes: int
    weight_sums_bytes: int
    interface_hash: str
    tool_version: str
    layers: Tuple[Layer, ...]


def _name_level(number: int) -> Optional[str]:
    return next((name for name, n in _abi.ISA_LEVELS.items() if n == number), None)


def _read_layers(raw: _abi.ModelInfo) -> Tuple[Layer, ...]:
    start = ctypes.addressof(raw) + raw.layers_offset
    table = (_abi.LayerInfo * raw.layer_count).from_address(start)
    return tuple(Layer(layer.name.decode(), layer.height, layer.width, layer.channels,
                       _abi.ALGORITHMS[layer.algorithm], layer.multiply_adds)
                 for layer in table)


def _read_outputs(raw: _abi.ModelInfo) -> Tuple[Output, ...]:
    start = ctypes.addressof(raw) + raw.outputs_offset
    outputs = []
    for output in (_abi.OutputInfo * raw.output_count).from_address(start):
        kind, layout = _abi.OUTPUT_KINDS[output.kind], _abi.MAP_LAYOUTS[output.layout]
        if kind != "features":
            shape, layout = (output.length,), None
        elif layout == "nchw":
            shape = (output.channels, output.height, output.width)
        else:
            shape = (output.height, output.width, output.channels)
        outputs.append(Output(output.name.decode(), kind, shape, layout, output.stride))
    return tuple(outputs)


def _check_version(raw: _abi.ModelInfo, path: str) -> None:
    expected = ctypes.sizeof(_abi.ModelInfo)
    if raw.struct_size != expected:
        raise RunError(f"{path}: expects a mobileone_model_info of {expected} bytes, but got "
                       f"{raw.struct_size} bytes: another version of the compiler made it")


def list_sizes(raw: _abi.ModelInfo, path: str) -> List[_abi.ModelInfo]:
    """What P_info() points to, and the same of each further image size. Raises
    RunError."""
    _check_version(raw, path)  # of another version no other field is known
    sizes = [raw]
    while sizes[-1].next_size_offset:
        start = ctypes.addressof(sizes[-1]) + sizes[-1].next_size_offset
        sizes.append(_abi.ModelInfo.from_address(start))
        _check_version(sizes[-1], path)
    return sizes


def read_info(raw: _abi.ModelInfo, isa_in_use: int, path: str) -> ModelInfo:
    """Copies one of list_sizes(). Raises RunError."""
    if raw.input_layout >= len(_abi.LAYOUTS) or raw.channel_order >= len(_abi.CHANNEL_ORDERS):
        raise RunError(f"{path}: expects an input layout and a channel order that this version "
                       f"knows, but got {raw.input_layout} and {raw.channel_order}")
    channels, height, width = raw.input_channels, raw.input_height, raw.input_width
    layout = _abi.LAYOUTS[raw.input_layout]
    shape = (channels, height, width) if layout == "f32-nchw" else (height, width, channels)
    known = sum(number != 0 for number in raw.std)
    levels = [name for name, number in _abi.ISA_LEVELS.items() if raw.isa_levels >> number & 1]
    return ModelInfo(
        variant=raw.variant.decode(),
        precision=raw.precision.decode(),
        input=Input(layout=layout, shape=shape,
                    dtype="uint8" if layout == "u8-nhwc" else "float32",
                    channels=_abi.CHANNEL_ORDERS[raw.channel_order],
                    mean=tuple(raw.mean[:known]) or None,
                    std=tuple(raw.std[:known]) or None),
        outputs=_read_outputs(raw),
        batch=raw.batch,
        target=raw.target.decode(),
        isa=tuple(levels),
        isa_in_use=_name_level(isa_in_use),
        parameters=raw.parameters,
        multiply_adds=raw.multiply_adds,
        weights="external" if raw.external_weights else "embed",
        weights_bytes=raw.weights_bytes,
        weights_sha256=raw.weights_sha256.decode(),
        arena_bytes=raw.arena_bytes,
        worker_bytes=raw.worker_bytes,
        sums_bytes=raw.sums_bytes,
        weight_sums_bytes=raw.weight_sums_bytes,
        interface_hash=f"{raw.interface_hash:016x}",
        tool_version=raw.tool_version.decode(),
        layers=_read_layers(raw))
