"""The blocks that a JSON file of --variant describes, written apart from the compiler."""
import json
from dataclasses import dataclass

VARIANTS = {
    "s0": {"stem": 48, "widths": [48, 128, 256, 1024], "branches": 4},
    "s1": {"stem": 64, "widths": [96, 192, 512, 1280], "branches": 1},
    "s2": {"stem": 64, "widths": [96, 256, 640, 2048], "branches": 1},
    "s3": {"stem": 64, "widths": [128, 320, 768, 2048], "branches": 1},
    "s4": {"stem": 64, "widths": [192, 448, 896, 2048], "branches": 1, "se_pairs": [0, 0, 5, 1]},
}


@dataclass
class Block:
    name: str  # "stem", "stage1.0"
    inputs: int
    width: int
    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    depthwise: bool = False
    branches: int = 1
    scale: bool = False
    identity: bool = False
    se: int = 0
    gate: str = "sigmoid"
    activation: str = "relu"

    @property
    def groups(self):
        return self.inputs if self.depthwise else 1

    @property
    def path(self):
        """In timm's layout."""
        if self.name == "stem":
            return "stem"
        stage, index = self.name[len("stage"):].split(".")
        return f"stages.{int(stage) - 1}.{index}"


def make_divisible(value, limit):
    rounded = max(8, int(value + 4) // 8 * 8)
    return rounded + 8 if rounded < limit * value else rounded


def squeeze(network, stage, channels):
    if "se_width" in network:
        return network["se_width"][stage]
    ratio = network.get("se_reduction", 16)
    return {"apple": int(channels / ratio), "timm": make_divisible(channels / ratio, 0),
            "mmpretrain": make_divisible(channels // ratio, 0.9)}[
                network.get("se_rounding", "apple")]


def list_outline(network):
    if "base" in network:
        network = {"pairs": [2, 8, 10, 1], **VARIANTS[network["base"]], **network}
    stages = len(network["widths"])
    network = {"kernel": 3, "se_pairs": 0, **network}
    for key in ["pairs", "branches", "kernel", "se_pairs", "se_width"]:
        if isinstance(network.get(key), int):
            network[key] = [network[key]] * stages
    every = {key: network[key] for key in ["gate", "activation"] if key in network}
    channels, dilation, stride = network["stem"], 1, 2
    yield Block("stem", network.get("input_channels", 3), channels, 3, 2, scale=True, **every)
    for stage, width in enumerate(network["widths"]):
        dilated = stride >= network.get("output_stride", 1 << 30)
        stride, dilation = (stride, dilation * 2) if dilated else (stride * 2, dilation)
        pairs = network["pairs"][stage]
        for pair in range(pairs):
            name = f"stage{stage + 1}."
            squeezes = pair >= pairs - network["se_pairs"][stage]
            more = {"branches": network["branches"][stage], **every}
            yield Block(name + str(2 * pair), channels, channels, network["kernel"][stage],
                        2 if pair == 0 and not dilated else 1, dilation, True, scale=True,
                        identity=pair > 0, se=squeezes and squeeze(network, stage, channels), **more)
            yield Block(name + str(2 * pair + 1), channels, width, identity=channels == width,
                        se=squeezes and squeeze(network, stage, width), **more)
            channels = width


def list_listed(network):
    channels, stage, index = network.get("input_channels", 3), 0, -1
    for entry in network["blocks"]:
        entry = {key: network[key] for key in ["gate", "activation"] if key in network} | entry
        first = stage == 0 and index < 0
        kernel = entry.setdefault("kernel", 3 if first else 1)
        stride = entry.get("stride", 1)
        groups = entry.pop("groups", "depthwise" if kernel > 1 and not first else "dense")
        width = entry.setdefault("width", channels)
        entry.setdefault("scale", kernel > 1)
        entry.setdefault("identity", channels == width and stride == 1)
        if not first:
            stage, index = (stage + 1, 0) if stage == 0 or stride == 2 else (stage, index + 1)
        name = entry.pop("name", "stem" if first else f"stage{stage}.{index}")
        if name != "stem":
            stage, index = map(int, name[len("stage"):].split("."))
        else:
            index = 0
        yield Block(name, channels, depthwise=groups == "depthwise", **entry)
        channels = width


def load(path):
    """The blocks of a file, and what else stands in it."""
    with open(path) as file:
        network = json.load(file)
    return list_blocks(network), network


def list_blocks(network):
    return list(list_listed(network) if "blocks" in network else list_outline(network))
