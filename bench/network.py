"""The five MobileOne networks in deploy form, with seeded random weights.

Every contender of the bench is built from the list of layers and the weights
that this file makes, so all of them compute the same function. Weights are
drawn at He's scale, which keeps activations near one through all 43
convolutions: no overflow, and no denormals that would slow somebody down.
"""
import json
import struct
from dataclasses import dataclass

import numpy as np

PAIRS = (2, 8, 10, 1)
STAGE_WIDTHS = {
    "s0": (48, 128, 256, 1024),
    "s1": (96, 192, 512, 1280),
    "s2": (96, 256, 640, 2048),
    "s3": (128, 320, 768, 2048),
    "s4": (192, 448, 896, 2048),
}
# Pairs at the end of each stage whose blocks have squeeze-and-excitation.
SE_PAIRS = {"s4": (0, 0, 5, 1)}
CLASSES = 1000
SEED = 20220608


@dataclass(frozen=True)
class Layer:
    """One convolution with bias, optional SE, and ReLU."""

    name: str  # timm's key prefix
    inputs: int  # channels
    outputs: int
    kernel: int
    stride: int
    groups: int
    se: bool

    @property
    def padding(self):
        return self.kernel // 2


def layers(variant):
    """All convolution blocks of a variant in the order of execution."""
    widths = STAGE_WIDTHS[variant]
    se_pairs = SE_PAIRS.get(variant, (0, 0, 0, 0))
    channels = min(64, widths[0])
    result = [Layer("stem", 3, channels, 3, 2, 1, False)]
    for stage, width in enumerate(widths):
        for pair in range(PAIRS[stage]):
            prefix = f"stages.{stage}."
            se = pair >= PAIRS[stage] - se_pairs[stage]
            stride = 2 if pair == 0 else 1
            result.append(Layer(f"{prefix}{2 * pair}", channels, channels, 3,
                                stride, channels, se))
            result.append(Layer(f"{prefix}{2 * pair + 1}", channels, width, 1,
                                1, 1, se))
            channels = width
    return result


def weights(variant):
    """The deploy-form state dict under timm's keys, float32."""
    random = np.random.default_rng([SEED, int(variant[1:])])

    def normal(shape, scale):
        return (random.standard_normal(shape) * scale).astype(np.float32)

    state = {}
    for layer in layers(variant):
        fan_in = layer.inputs // layer.groups * layer.kernel**2
        # SE's sigmoid multiplies by about one half.
        scale = (2 / fan_in) ** 0.5 * (2 if layer.se else 1)
        key = f"{layer.name}.reparam_conv"
        state[f"{key}.weight"] = normal(
            (layer.outputs, layer.inputs // layer.groups, layer.kernel,
             layer.kernel), scale)
        state[f"{key}.bias"] = normal(layer.outputs, 0.1)
        if layer.se:
            squeezed = layer.outputs // 16
            for name, rows, columns in (("fc1", squeezed, layer.outputs),
                                        ("fc2", layer.outputs, squeezed)):
                key = f"{layer.name}.attn.{name}"
                state[f"{key}.weight"] = normal((rows, columns, 1, 1),
                                                columns**-0.5)
                state[f"{key}.bias"] = normal(rows, 0.1)
    features = layers(variant)[-1].outputs
    state["head.fc.weight"] = normal((CLASSES, features), features**-0.5)
    state["head.fc.bias"] = normal(CLASSES, 0.1)
    return state


def image(size):
    """One normalized NCHW image."""
    random = np.random.default_rng([SEED, size])
    return random.standard_normal((1, 3, size, size)).astype(np.float32)


def write_safetensors(path, state):
    """Writes float32 tensors: header length, JSON header, data."""
    header, offset = {}, 0
    for key, tensor in state.items():
        end = offset + tensor.nbytes
        header[key] = {"dtype": "F32", "shape": list(tensor.shape),
                       "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in state.values():
            file.write(np.ascontiguousarray(tensor).tobytes())
