"""MobileOne networks compiled to machine code.

>>> import mobileone
>>> model = mobileone.compile("net.safetensors", image_size=(64, 64))
>>> logits = model(images)                       # numpy in, numpy out
>>> model.save("net.so")
>>> model = mobileone.load("net.so")             # in milliseconds, no compiler

`compile` takes a checkpoint's path, a state dict, or a PyTorch module, and runs
the compiler of this package in a process of its own. `compile_to` writes what an
app links instead: an object file and its C header.
"""
from ._compile import compile, compile_to
from ._errors import CompileError, RunError
from ._info import Input, Layer, ModelInfo, Output
from ._model import Model, load
from ._package import get_version

__all__ = ["CompileError", "Input", "Layer", "Model", "ModelInfo", "Output", "RunError",
           "compile", "compile_to", "load"]
__version__ = get_version()
