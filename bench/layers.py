"""Times single layers of MobileOne, each compiled on its own.

  bench/run.sh --layers [--variants s0] ...

A layer of bench/shapes/*.txt becomes a network in IR: convolutions that make
the layer's input out of an image, the layer, the global mean. What is
timed is the layer's own function inside the object, found in the symbol table,
after the network's result has been compared with numpy. Data and weights are
warm: as close to the machine as the layer gets.
"""
import ctypes
import gc
import random
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass

import network
import numpy as np


ALL_UNITS = 2**63 - 1  # or as many as there are


@dataclass(frozen=True)
class Shape:
    kind: str  # dense, depthwise or pointwise
    input: tuple  # H, W, C
    stride: int
    output: tuple
    window: int = 3  # rows and columns, unless pointwise

    @property
    def kernel(self):
        return 1 if self.kind == "pointwise" else self.window

    @property
    def groups(self):
        return self.input[2] if self.kind == "depthwise" else 1

    @property
    def multiply_adds(self):
        height, width, channels = self.output
        return (height * width * channels * self.kernel**2 *
                self.input[2] // self.groups)

    def __str__(self):
        text = "x".join(map(str, self.input)) + " -> " + \
            "x".join(map(str, self.output))
        if self.window != 3:
            text += f" by {self.window}x{self.window}"
        return f"{self.kind:9} {text}"


def read(path):
    """Layers by name."""
    result = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            name, kind, source, stride, target, *window = line.split()
            result[name] = Shape(kind, tuple(map(int, source.split("x"))),
                                 int(stride),
                                 tuple(map(int, target.split("x"))),
                                 *map(int, window))
    return result


def literal(array):
    shape = "x".join(map(str, array.shape))
    return f'dense<"0x{array.tobytes().hex()}"> : tensor<{shape}xf32>'


def tensor(channels, size=None):
    return f"tensor<1x{channels}{'x%dx%d' % size if size else ''}xf32>"


def block(name, value, source, target, filters, bias, stride, groups):
    padding = filters.shape[2] // 2
    return f"""
    %{name} = mobileone.block "{name}" (%in = %{value})
        : {source} -> {target} {{
      %c = mobileone.conv %in filter = {literal(filters)}
        bias = {literal(bias)} strides = [{stride}, {stride}]
        padding = [{padding}, {padding}] groups = {groups}
        : {source} -> {target}
      %r = mobileone.activation relu %c : {target}
      mobileone.yield %r : {target}
    }}"""


def reference(image, steps):
    """The network in numpy, float64."""
    value = image[0].astype(np.float64)
    for filters, bias, stride, groups in steps:
        padding = filters.shape[2] // 2
        value = np.pad(value, ((0, 0), (padding,) * 2, (padding,) * 2))
        windows = np.lib.stride_tricks.sliding_window_view(
            value, filters.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
        if groups == 1:
            value = np.einsum("chwij,ocij->ohw", windows, filters,
                              optimize=True)
        else:
            value = np.einsum("chwij,cij->chw", windows, filters[:, 0],
                              optimize=True)
        value = np.maximum(value + bias[:, None, None], 0)
    return value.mean((1, 2))


def build(shape, folder, options):
    """Compiles the layer; returns what runs it once, or None if the compiler
    made no function of it alone."""
    random_numbers = np.random.default_rng(network.SEED)

    def normal(*dimensions):
        fan_in = np.prod(dimensions[1:]) if dimensions[1:] else 100
        return (random_numbers.standard_normal(dimensions) *
                (2 / fan_in)**0.5).astype(np.float32)

    height, width, channels = shape.input
    outputs = shape.output[2]
    # (filter, bias, stride, groups): a stem and as many halvings as make an
    # image of at least 56 pixels into the layer's input; then the layer.
    steps = []
    if shape.kind != "dense":
        steps.append((normal(channels, 3, 3, 3), normal(channels), 2, 1))
        height, width = 2 * height, 2 * width
        while height < 56:
            steps.append((normal(channels, 1, 3, 3), normal(channels), 2,
                          channels))
            height, width = 2 * height, 2 * width
    image_size = height, width
    height, width, channels = shape.input
    # As in the networks: only the largest depthwise layer follows the stem. And
    # the layer must not be the pointwise one that joins the stem's kernel.
    if shape.kind != "dense" and height < 112:
        steps.append((normal(channels, channels, 1, 1), normal(channels), 1, 1))
    steps.append((normal(outputs, channels // shape.groups, shape.kernel,
                         shape.kernel), normal(outputs), shape.stride,
                  shape.groups))
    text, value, source = "", "image", tensor(3, image_size)
    size = image_size
    for index, (filters, bias, stride, groups) in enumerate(steps):
        size = tuple((length - 1) // stride + 1 for length in size)
        target = tensor(filters.shape[0], size)
        name = f"block{index}"
        text += block(name, value, source, target, filters, bias, stride,
                      groups)
        value, source = name, target
    text = (f"func.func @layer(%image: {tensor(3, image_size)}) -> "
            f"{tensor(outputs)} {{{text}\n"
            f"    %mean = mobileone.global_average_pool %{value} : {source} -> "
            f"{tensor(outputs)}\n    return %mean : {tensor(outputs)}\n}}\n")
    module = folder / "layer.mlir"
    module.write_text(text)
    subprocess.run([options.build / "bin/mobileone-opt", module, "-o",
                    folder / "layer.o"], check=True)
    # A new name each time: a loaded library is not loaded again.
    path = folder / f"layer-{len(list(folder.glob('layer-*.so')))}.so"
    subprocess.run([options.cc, "-shared", "-o", path, folder / "layer.o"],
                   check=True)

    library = ctypes.CDLL(str(path))
    library.layer_arena_bytes.restype = ctypes.c_size_t
    arena = aligned(library.layer_arena_bytes(1, 1))
    image = random_numbers.standard_normal((1, 3, *image_size)).astype(
        np.float32)
    result = np.empty(outputs, np.float32)
    if error := library.layer_run(*map(pointer, (image, result, arena))):
        raise RuntimeError(f"the layer's network returns {error}")
    expected = reference(image, steps)
    difference = np.abs(result - expected).max() / np.abs(expected).max()
    if not difference < 1e-5:
        raise RuntimeError(f"{shape}: differs by {difference:.1e}")

    symbols = subprocess.run(["nm", path], text=True, check=True,
                             capture_output=True).stdout
    addresses = {line.split()[2]: int(line.split()[0], 16)
                 for line in symbols.splitlines() if len(line.split()) == 3}
    source, target = ("x".join(map(str, size))
                      for size in (shape.input, shape.output))
    # Without ".part", the same function for several threads.
    wanted = (rf"{shape.kind}_(nchw_)?{source}(_.*)?_to_{target}[^.]*"
              rf"\.v{library.layer_isa()}$")
    names = [name for name in addresses if re.match(wanted, name)]
    if not names:
        return None
    if len(names) > 1:
        raise RuntimeError(f"expects one function {wanted}, but got {names}")
    start = ctypes.cast(library.layer_run, ctypes.c_void_p).value
    # Four buffers, and which units of the layer. A function that is not for
    # several threads finds these in registers that it does not read.
    function = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4,
                                ctypes.c_int64, ctypes.c_int64)(
        start - addresses["layer_run"] + addresses[names[0]])
    # Input, filter, bias, output; borders and paddings fit into the slack.
    border = shape.kernel // 2 * 2
    buffers = [aligned(4 * size + 65536) for size in (
        (height + border) * (width + border) * channels, steps[-1][0].size * 2,
        outputs * 2, (shape.output[0] + 2) * (shape.output[1] + 2) * outputs)]
    pointers = list(map(pointer, buffers))

    def run(keep=buffers):
        function(*pointers, 0, ALL_UNITS)

    return run


def aligned(size):
    """Zeroed bytes at a multiple of 64."""
    data = np.zeros(size + 64, np.uint8)
    return data[-data.ctypes.data % 64:]


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def bench(variant, shapes_folder, options, peak, settled):
    """Prints one line per distinct layer, slowest share of the total first."""
    layers = read(shapes_folder / f"{variant}.txt")
    counts = Counter(layers.values())
    names = {shape: name for name, shape in reversed(layers.items())}
    folder = options.output / f"layers-{variant}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("layer-*.so"):
        old.unlink()
    runs = {}
    for shape in counts:
        if shape.input[:2] == (1, 1):
            continue  # The classifier: its input is no image.
        run = build(shape, folder, options)
        if run:
            runs[shape] = run
        else:
            print(f"{variant}: {names[shape]} {shape} has no function of its "
                  "own: fused with another layer", flush=True)
    times = {shape: [] for shape in runs}
    peaks, clock = [], time.perf_counter
    order = list(runs)
    shuffle = random.Random(network.SEED).shuffle
    start = clock()
    gc.disable()
    while not (len(peaks) >= 50 and all(map(settled, times.values()))):
        shuffle(order)
        for shape in order:
            run = runs[shape]
            run()  # Warms the caches.
            for _ in range(3):
                begin = clock()
                run()
                times[shape].append(clock() - begin)
        peaks.append(peak(1))
        if clock() - start > options.seconds:
            break
    gc.enable()
    total = sum(min(times[shape]) * counts[shape] for shape in runs)
    print(f"\n{variant}: {len(peaks)} rounds, peak {1e-9 * max(peaks):.1f} "
          f"GFLOP/s, layers together {1e3 * total:.3f} ms, warm")
    print(f"{'first':10}{'layer':42}{'n':>3}{'us':>9}{'third':>9}"
          f"{'GFLOP/s':>9}{'peak':>8}{'of all':>8}")
    for shape in sorted(runs, key=lambda s: -min(times[s]) * counts[s]):
        best = sorted(times[shape])[:3]
        speed = 2 * shape.multiply_adds / best[0]
        if speed > 1.1 * max(peaks):
            raise RuntimeError(f"{shape}: expects at most the peak, but got "
                               f"{1e-9 * speed:.1f} GFLOP/s")
        print(f"{names[shape]:10}{str(shape):42}{counts[shape]:3}"
              f"{1e6 * best[0]:9.1f}{1e6 * best[2]:9.1f}{1e-9 * speed:9.1f}"
              f"{100 * speed / max(peaks):7.1f}%"
              f"{100 * best[0] * counts[shape] / total:7.1f}%")
