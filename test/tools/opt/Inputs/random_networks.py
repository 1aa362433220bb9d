#!/usr/bin/env python3
"""Compiles random networks of --variant=FILE.json, and compares each with float64.

    random_networks.py MOBILEONE-OPT FOLDER [--seed=1] [--count=10]

The first that differs, or is refused, is made small and stays in FOLDER, with its checkpoint
and the command.
"""
import argparse
import copy
import json
import os
import random
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../Inputs"))
import make_checkpoint

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
            channels = rng.choice([channels, rng.randint(1, 70)])
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


def make(rng):
    network = rng.choice([make_outline, make_list])(rng)
    choose(rng, network, "input_channels", range(1, 17))
    network["classes"] = rng.randint(1, 20)
    size = f"{rng.randint(32, 70)}x{rng.randint(32, 70)}"
    channels = network.get("input_channels", 3)
    inputs = [["--input=f32-nchw"], ["--input=f32-nhwc"]]
    if channels <= 3:
        numbers = lambda: ",".join(["0.5"] * channels)
        inputs.append(["--input=u8-nhwc", "--mean=" + numbers(), "--std=" + numbers()])
    flags = ["--image-size=" + size, "--output=" + rng.choice(["logits", "softmax", "features"]),
             *rng.choice(inputs), "--isa=native", "--verify=1"]
    return network, rng.choice(["train", "deploy"]), flags


def run(tool, folder, network, form, flags):
    """What went wrong, or "", and the command."""
    path = os.path.join(folder, "network.json")
    checkpoint = os.path.join(folder, "checkpoint.safetensors")
    with open(path, "w") as file:
        json.dump(network, file)
    make_checkpoint.write_safetensors(
        checkpoint, make_checkpoint.make_tensors(network, form == "deploy"))
    command = [tool, checkpoint, "--variant=" + path, *flags, "-o",
               os.path.join(folder, "random.o")]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stderr if done.returncode else "", " ".join(command)


def list_smaller(network):
    """Networks with something left out."""
    for key in network:
        if key not in ("blocks", "classes", "stem", "widths", "pairs", "branches"):
            yield {k: v for k, v in network.items() if k != key}
    for index, block in enumerate(network.get("blocks", [])):
        rest = copy.deepcopy(network)
        del rest["blocks"][index]
        if rest["blocks"]:
            yield rest
        for key in block:
            rest = copy.deepcopy(network)
            del rest["blocks"][index][key]
            yield rest


def shrink(tool, folder, network, form, flags, failure):
    """The smallest that fails in the same way, by the words before any number."""
    kind = failure.split("error: ")[-1].split(":")[-1].rstrip("0123456789.e-+ \n")
    smaller = True
    while smaller:
        smaller = False
        for candidate in list_smaller(network):
            try:
                other, _ = run(tool, folder, candidate, form, flags)
            except (KeyError, ValueError, ZeroDivisionError):
                continue  # no network
            if other and kind in other:
                network, smaller = candidate, True
                break
    return network


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for number in range(options.count):
        rng = random.Random(f"{options.seed} {number}")
        case = make(rng)
        failure, _ = run(options.tool, options.folder, *case)
        if failure:
            network = shrink(options.tool, options.folder, *case, failure)
            failure, command = run(options.tool, options.folder, network, *case[1:])
            print(f"network {number} of seed {options.seed}:\n{json.dumps(network)}\n{command}\n"
                  f"{failure}")
            sys.exit(1)
    print(f"{options.count} networks agree")


main()
