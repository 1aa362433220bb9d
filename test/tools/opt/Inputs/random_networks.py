#!/usr/bin/env python3
"""Compiles random networks of --variant=FILE.json, and compares each with float64.

    random_networks.py MOBILEONE-OPT FOLDER [--seed=1] [--first=0] [--count=10]

The first that differs, or is refused, is made small and stays in FOLDER, with its checkpoint
and the command.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../Inputs"))
import custom_network
import make_checkpoint
import shrink_network

ACTIVATIONS = ["relu", "gelu", "hardswish", "silu", "none"]
GATES = ["sigmoid", "hardsigmoid"]


def choose(rng, network, key, values, chance=0.5):
    if rng.random() < chance:
        network[key] = rng.choice(values)


def make_outline(rng):
    stages = rng.randint(1, 4)
    each = lambda values: [rng.choice(values) for _ in range(stages)]
    network = {"stem": rng.randint(1, 40), "widths": each(range(1, 70)), "pairs": each([1, 2]),
               "branches": rng.choice([1, 2, each([1, 2, 3])])}
    choose(rng, network, "kernel", [3, 5, 7, each([3, 5, 7])])
    choose(rng, network, "activation", ACTIVATIONS)
    choose(rng, network, "output_stride", [s for s in (8, 16, 32) if s <= 2 << stages] or [None])
    if network.get("output_stride") is None:
        network.pop("output_stride", None)
    if rng.random() < 0.5:
        network["se_pairs"] = [rng.randint(0, pairs) for pairs in network["pairs"]]
        if any(network["se_pairs"]):
            choose(rng, network, "gate", GATES)
            network.update(rng.choice([{"se_width": rng.randint(1, 20)}, {"se_rounding": "timm"},
                                       {"se_rounding": "mmpretrain", "se_reduction": 4},
                                       {"se_reduction": 1}]))
    return network


def make_list(rng):
    channels = rng.randint(1, 40)
    blocks = [{"width": channels, "kernel": rng.choice([1, 3, 5, 7]), "stride": rng.choice([1, 2])}]
    for _ in range(rng.randint(0, 6)):
        if rng.random() < 0.5:
            block = {"kernel": rng.choice([3, 5, 7]), "stride": rng.choice([1, 1, 2])}
            choose(rng, block, "dilation", [1, 2, 3, 4])
            choose(rng, block, "groups", ["depthwise"], 0.2)
        else:
            # Multiples of 32 have halves, for Strassen's algorithm.
            channels = rng.choice([channels, rng.randint(1, 70), rng.randint(1, 200), 32 * rng.randint(1, 6)])
            block = {"width": channels}
        blocks.append(block)
    for block in blocks:
        choose(rng, block, "branches", [1, 2, 3], 0.3)
        choose(rng, block, "scale", [False], 0.2)
        choose(rng, block, "identity", [False], 0.2)
        choose(rng, block, "activation", ACTIVATIONS, 0.4)
        choose(rng, block, "se", [1, 3, 8, 17], 0.3)
        if "se" in block:
            choose(rng, block, "gate", GATES, 0.3)
    network = {"blocks": blocks}
    choose(rng, network, "activation", ACTIVATIONS)
    return network


def make_outputs(rng, network, classifier):
    """One to eight: a map of a block is named by its stage, where it is the last, or by the block."""
    kinds = ["embedding", "features", *(["logits", "softmax"] if classifier else [])]
    outputs = rng.sample(kinds, min(len(kinds), rng.choice([1, 1, 1, 2, 3, 4])))
    if "features" in outputs and rng.random() < 0.6:
        names = [block.name for block in custom_network.list_blocks(network)]
        last = {name.split(".")[0]: name for name in names}
        levels = rng.sample(names, min(len(names), rng.randint(1, 5)))
        for index, name in enumerate(levels):
            stage = name.split(".")[0]
            if last[stage] == name and rng.random() < 0.7:
                levels[index] = stage.removeprefix("stage")
        outputs.remove("features")
        outputs += ["features=" + levels[0], *levels[1:]]
    return outputs


def make_flags(rng, channels):
    flags = {}
    choose(rng, flags, "--isa", ["native"], 0.7)  # else all levels
    choose(rng, flags, "--feature-layout", ["nhwc"])
    choose(rng, flags, "--algorithm", ["strassen", "strassen", "strassen2", "classical"])
    choose(rng, flags, "--instrument", ["layers", "tensors"], 0.2)
    choose(rng, flags, "--weights", ["external"], 0.1)
    choose(rng, flags, "--input", ["f32-nhwc", *(["u8-nhwc"] * 2 if channels <= 3 else [])], 0.7)
    if flags.get("--input") == "u8-nhwc":
        numbers = lambda low: ",".join(f"{rng.uniform(low, 0.6):.3f}" for _ in range(channels))
        flags.update({"--mean": numbers(0), "--std": numbers(0.2)})
        if channels == 3:
            choose(rng, flags, "--channels", ["bgr", "rgba", "bgra"])
    return flags


def make_other_sizes(rng, most):
    """Of one object in four: one or two."""
    count = rng.choice([0] * 6 + [1, 2])
    return [[rng.randint(32, most), rng.randint(32, most)] for _ in range(count)]


def make(rng):
    network = rng.choice([make_outline, make_list])(rng)
    choose(rng, network, "input_channels", range(1, 17))
    choose(rng, network, "bn_epsilon", [1e-3], 0.2)
    network["classes"] = rng.randint(1, 20)
    classifier = rng.random() < 0.8
    most = rng.choice([70] * 6 + [150])  # so large that the first layers work in bands
    return {"network": network, "form": rng.choice(["train", "deploy"]), "classifier": classifier,
            "size": [rng.randint(32, most), rng.randint(32, most)], "others": make_other_sizes(rng, most),
            "outputs": make_outputs(rng, network, classifier),
            "flags": make_flags(rng, network.get("input_channels", 3))}


def format_sizes(case):
    """Each once."""
    sizes = ["{}x{}".format(*size) for size in [case["size"], *case["others"]]]
    return ",".join(dict.fromkeys(sizes))


def run(tool, folder, case):
    """What went wrong, or "", and the command."""
    path, checkpoint = (os.path.join(folder, name) for name in ["network.json", "checkpoint.safetensors"])
    network = dict(case["network"])
    tensors = make_checkpoint.make_tensors(network, case["form"] == "deploy")
    if not case["classifier"]:
        del network["classes"]
        tensors = {key: value for key, value in tensors.items() if not key.startswith("head.")}
    with open(path, "w") as file:
        json.dump(network, file)
    make_checkpoint.write_safetensors(checkpoint, tensors)
    command = [tool, checkpoint, "--variant=" + path, "--image-size=" + format_sizes(case),
               "--output=" + ",".join(case["outputs"]), *("=".join(flag) for flag in case["flags"].items()),
               "--verify=1", "-o", os.path.join(folder, "random.o")]
    done = subprocess.run(command, capture_output=True, text=True)
    failure = done.stderr if done.returncode else ""
    if done.returncode < 0:
        failure += f"error: ended by signal {-done.returncode}"
    return failure, " ".join(command)


def get_kind(failure):
    """The words of an error, without names and numbers."""
    return re.sub(r"'[^']*'|\S*\d\S*", "#", failure.split("error: ")[-1].split("\n")[0])


def shrink(tool, folder, case, failure):
    """The smallest case that fails in the same way."""
    def fails(other):
        try:
            got, _ = run(tool, folder, other)
        except (ArithmeticError, AttributeError, LookupError, ValueError):
            return False  # no network
        return got and get_kind(got) == get_kind(failure)

    return shrink_network.shrink(case, fails)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for number in range(options.first, options.first + options.count):
        case = make(random.Random(f"{options.seed} {number}"))
        failure, _ = run(options.tool, options.folder, case)
        if failure:
            print(f"network {number} of seed {options.seed}:\n{json.dumps(case)}\n{failure}", flush=True)
            case = shrink(options.tool, options.folder, case, failure)
            failure, command = run(options.tool, options.folder, case)
            print(f"is as small as this:\n{json.dumps(case)}\n{command}\n{failure}")
            sys.exit(1)
    print(f"{options.count} networks agree")


if __name__ == "__main__":
    main()
