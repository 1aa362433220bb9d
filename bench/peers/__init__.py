"""The contenders, each behind the same few functions.

A peer is a class with
  TITLE               its name in the tables
  SETTINGS            what differs from the defaults, in words; {threads} is
                      filled in
  convert(model)      makes what load() reads from a `Model`, returns its path;
                      time spent here is the developer's, not the user's
  load(path, image, threads)
                      all that a process does before its first inference
  run                 one inference
  logits()            the result of the last run()
A peer that is missing or fails is reported by name with its exception.
"""
import importlib
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Model:
    """One network on disk, as bench.py prepares it."""

    variant: str
    size: int  # height and width of the image
    folder: Path  # for what convert() writes
    threads: int  # that will run it
    image: Path  # what everyone classifies, as an array
    onnx: Path
    state: Path  # safetensors
    object: Path  # what mobileone-opt made of it
    compiler: str  # C compiler
    tool: Path  # mobileone-opt

    def weights(self):
        import network
        return network.weights(self.variant)


@dataclass(frozen=True)
class Entry:
    type: str  # class in peers/NAME_peer.py
    packages: tuple = ()  # what pip calls them


# In the order of the tables.
PEERS = {
    "mobileone": Entry("MobileOne"),
    "classical": Entry("Classical"),
    "strassen2": Entry("Strassen2"),
    "onnxruntime": Entry("OnnxRuntime", ("onnxruntime",)),
    "openvino": Entry("OpenVino", ("openvino",)),
    "litert": Entry("LiteRt", ("ai-edge-litert",)),
    "mnn": Entry("Mnn", ("MNN",)),
    "ncnn": Entry("Ncnn", ("ncnn",)),
    "inductor": Entry("Inductor", ("torch",)),
    "iree": Entry("Iree", ("iree-base-compiler", "iree-base-runtime")),
}


def make(name):
    """Imports as little as possible: start.py times this."""
    return getattr(importlib.import_module(f"peers.{name}_peer"),
                   PEERS[name].type)()
