"""Writes a .pth file with a network's weights under `model` and other ones, as a
training's running average has them, under `model_ema` with the prefix `module.`.

    average_checkpoint.py INPUTS IN.safetensors OUT.pth

INPUTS is test/Inputs. Each averaged number is half of the raw one.
"""
import sys

inputs, source, out = sys.argv[1:]
sys.path.append(inputs)
import tensorfiles
from convert_checkpoint import read_safetensors

raw = read_safetensors(source)
averaged = {f"module.{key}": (value * 0.5).astype(value.dtype) for key, value in raw.items()}
state, store = tensorfiles.views({**raw, **averaged})
networks = {"model": {key: state[key] for key in raw}, "model_ema": {key: state[key] for key in averaged}}
with open(out, "wb") as file:
    file.write(tensorfiles.zip_pth(tensorfiles.pickle2(networks), store))
