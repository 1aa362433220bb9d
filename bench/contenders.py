"""Brings every contender from a network's weights to a loaded peer."""
import dataclasses
import json
import sys
import time
from pathlib import Path

import cold_start
import network
import numpy as np
import peers
from process import command, reason

MAX_DIFFERENCE = 1e-4  # of the largest logit; float32 rounding gives 1e-5


def prepare(variant, options):
    """Writes one network in the forms that contenders start from."""
    folder = options.output / variant
    folder.mkdir(parents=True, exist_ok=True)
    model = peers.Model(variant, options.image_size, folder, 1,
                        folder / "image.npy", folder / f"{variant}.onnx",
                        folder / f"{variant}.safetensors",
                        folder / f"mobileone_{variant}.o", options.cc,
                        options.build / "bin/mobileone-opt")
    state = network.weights(variant)
    network.write_safetensors(model.state, state)
    import onnx_model
    onnx_model.write(model.onnx, variant, state, model.size)

    start = time.perf_counter()
    command(model.tool, model.state, "-o", model.object,
            f"--image-size={model.size}x{model.size}")
    seconds = time.perf_counter() - start
    print(f"{variant}: compiled in {seconds:.1f} s", flush=True)
    if options.verify:
        print(command(options.build / "bin/mobileone-run", model.object,
                      "--verify", model.state).strip(), flush=True)

    image = network.image(model.size)
    np.save(model.image, image)
    image.tofile(folder / "image.bin")
    return model, image


def for_threads(model, threads):
    """The same network, with a folder for what is made for these threads."""
    if threads == model.threads:
        return model
    folder = model.folder / f"threads-{threads}"
    folder.mkdir(exist_ok=True)
    return dataclasses.replace(model, threads=threads, folder=folder)


def convert(name, model):
    """In another process: a foreign compiler may crash, or leave threads."""
    description = model.folder / "model.json"
    description.write_text(json.dumps(dataclasses.asdict(model), default=str))
    printed = command(sys.executable, Path(__file__).parent / "convert.py",
                      name, description)
    return Path(printed.strip().splitlines()[-1])


@dataclasses.dataclass
class Contender:
    """A peer with a number of threads, ready to run."""

    peer: object
    path: Path  # of what it was loaded from
    difference: float  # from our logits on one thread


def load(name, model, image, expected):
    """Converts, tries in a process of its own, compares, loads.

    `expected` are the logits of ours, or None. Returns those found, too.
    """
    peer = peers.make(name)
    path = convert(name, model)
    cold_start.start_of_peer(name, path, model, 1)
    result = np.load(model.folder / f"{name}.npy").ravel()
    if expected is None:
        expected = result
    difference = float(np.abs(result - expected).max() /
                       np.abs(expected).max())
    title = peer.TITLE
    if model.threads > 1:
        title += f" on {model.threads} threads"
    print(f"{model.variant}: {title} differs by {difference:.1e} "
          "of the largest logit", flush=True)
    if not difference < MAX_DIFFERENCE:
        raise RuntimeError(f"logits differ by {difference:.1e}")
    peer.load(path, image, model.threads)
    peer.run()
    return Contender(peer, path, difference), result


def load_all(model, image, options, left_out):
    """Contenders by name and number of threads. A peer that fails with one
    number is left out with all."""
    loaded = {}
    expected = None
    for name in options.peers:
        try:
            made = {}
            for threads in options.thread_counts:
                made[name, threads], result = load(
                    name, for_threads(model, threads), image, expected)
                if expected is None:
                    expected = result
            loaded.update(made)
        except Exception as error:  # Whatever a foreign package throws.
            if name == "mobileone":
                raise
            left_out.append(f"{name} ({model.variant}): {reason(error)}")
            print(f"left out: {left_out[-1]}", flush=True)
    return loaded
