"""Runs the functions of single layers as the bench does, on ones.

  run_layers.py BENCH_FOLDER BUILD_FOLDER OUTPUT_FOLDER COMPILER
"""
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, sys.argv[1])
import layers  # noqa: E402
import numpy as np  # noqa: E402

build, output, compiler = sys.argv[2:]
options = SimpleNamespace(build=Path(build), cc=compiler)
for shape in (layers.Shape("pointwise", (28, 28, 64), 1, (28, 28, 64)),
              layers.Shape("depthwise", (28, 28, 64), 1, (28, 28, 64)),
              layers.Shape("depthwise", (28, 28, 64), 2, (14, 14, 64), 7),
              layers.Shape("pointwise", (4, 4, 16), 1, (4, 4, 16))):
    run = layers.build(shape, Path(output), options)
    *inputs, result = (buffer.view(np.float32)
                       for buffer in run.__defaults__[0])
    for data in inputs:
        data[:] = 1
    run()
    terms = shape.kernel**2 * (shape.input[2] // shape.groups)
    print(shape, "has", np.count_nonzero(result == terms + 1), "of",
          np.prod(shape.output))
