"""Prints a quantized network of random integers, as IR.

usage: quantized_network.py SEED [--size HxW] [--channels C-C-...] [--classes N]
                            [--se] [--sensitive] [--features]

Its numbers are chosen so that floats hold all of them exactly, up to the bytes
behind the stem: whatever runs it has to give the very logits that the
interpreter gives.
"""
import argparse
import random


def dense(values, shape, element):
    """The attribute of `values`, in row-major order."""
    def nest(level, start, count):
        if level == len(shape):
            return repr(values[start])
        step = count // shape[level]
        parts = (nest(level + 1, start + i * step, step) for i in range(shape[level]))
        return "[" + ", ".join(parts) + "]"
    size = "x".join(str(n) for n in shape)
    return f"dense<{nest(0, 0, len(values))}> : tensor<{size}x{element}>"


class Network:
    def __init__(self, args):
        self.random = random.Random(args.seed)
        self.args = args
        self.lines = []
        self.count = 0

    def integers(self, count, low, high, element="i8"):
        numbers = [self.random.randint(low, high) for _ in range(count)]
        return [float(n) for n in numbers] if element == "f32" else numbers

    def factors(self, count, scale):
        """Floats that are no powers of two: products with them round."""
        return [self.random.uniform(0.5, 1.5) * scale for _ in range(count)]

    def block(self, name, value, shape, conv, rest, element, last):
        """A block of `conv` and `rest`, lines with a type per result."""
        self.count += 1
        result = f"%{self.count}"
        kind = f"tensor<{'x'.join(map(str, shape[0]))}x{element[0]}>"
        ends = f"tensor<{'x'.join(map(str, shape[1]))}x{element[1]}>"
        self.lines.append(f'  {result} = mobileone.block "{name}" (%a = {value}) : {kind} -> {ends} {{')
        self.lines += [f"    {line}" for line in [conv] + rest]
        self.lines += [f"    mobileone.yield %{last} : {ends}", "  }"]
        return result


def conv_line(shape, out, filter_attr, bias_attr, stride, padding, groups, kinds):
    source = f"tensor<{'x'.join(map(str, shape))}x{kinds[0]}>"
    target = f"tensor<{'x'.join(map(str, out))}x{kinds[1]}>"
    return (f"%c = mobileone.conv %a filter = {filter_attr} bias = {bias_attr} "
            f"strides = [{stride}, {stride}] padding = [{padding}, {padding}] "
            f"groups = {groups} : {source} -> {target}")


def typed(shape, element):
    return f"tensor<{'x'.join(map(str, shape))}x{element}>"


def make(args):
    net = Network(args)
    height, width = (int(n) for n in args.size.split("x"))
    channels = [int(n) for n in args.channels.split("-")]
    image = [1, 3, height, width]
    bytes_in = typed([1, height, width, 3], "ui8")
    net.lines.append(f"  %x = mobileone.read_image %image mean = [0.0, 0.0, 0.0] "
                     f"std = [0.00392156862745098, 0.00392156862745098, 0.00392156862745098] "
                     f": {bytes_in} -> {typed(image, 'f32')}")

    # The stem, in floats that hold integers.
    first = channels[0]
    shape = [1, first, (height + 1) // 2, (width + 1) // 2]
    filters = dense(net.integers(first * 27, -8, 8, "f32"), [first, 3, 3, 3], "f32")
    bias = dense(net.integers(first, -500, 500, "f32"), [first], "f32")
    factor = dense([2.0 ** -6] * first, [first], "f32")
    value = net.block(
        "stem", "%x", (image, shape),
        conv_line(image, shape, filters, bias, 2, 1, 1, ("f32", "f32")),
        [f"%r = mobileone.activation relu %c : {typed(shape, 'f32')}",
         f"%q = mobileone.quantize %r factor = {factor} : {typed(shape, 'f32')} -> {typed(shape, 'ui8')}"],
        ("f32", "ui8"), "q")

    def quantize(source, kind, shape, scale):
        factor = dense(net.factors(shape[1], scale), [shape[1]], "f32")
        return f"%q = mobileone.quantize {source} factor = {factor} : {typed(shape, kind)} -> {typed(shape, 'ui8')}"

    def excite(shape, scale):
        count = shape[1]
        real = typed(shape, "f32")
        unit = dense(net.factors(count, 2.0 ** -10), [count], "f32")
        zeros = dense([0.0] * 4, [4], "f32")
        # Gates of exactly one half: exp is no exact function.
        half = dense([0.0] * count, [count], "f32")
        return [f"%d = mobileone.dequantize %c factor = {unit} : {typed(shape, 'i32')} -> {real}",
                f"%s = mobileone.squeeze_excite %d reduce = {dense([0.0] * 4 * count, [4, count], 'f32')}, {zeros} "
                f"expand = {dense([0.0] * 4 * count, [count, 4], 'f32')}, {half} : {real}",
                f"%r = mobileone.activation relu %s : {real}",
                quantize("%r", "f32", shape, scale)]

    for i, count in enumerate(channels[1:]):
        stride = 1 if i % 2 else 2
        before = shape
        shape = [1, before[1], -(-before[2] // stride), -(-before[3] // stride)]
        # Sensitive layers have weights of floats, integers here.
        real = args.sensitive and i == len(channels) - 2
        element, sums = ("f32", "f32") if real else ("i8", "i32")
        filters = dense(net.integers(before[1] * 9, -127, 127, element), [before[1], 1, 3, 3], element)
        bias = dense(net.integers(before[1], -9000, 9000, sums), [before[1]], sums)
        rest = ([f"%r = mobileone.activation relu %c : {typed(shape, 'f32')}"] if real else [])
        rest = rest + [quantize("%r" if real else "%c", sums, shape, 1 / 120)]
        value = net.block(
            f"stage{i + 1}.0", value, (before, shape),
            conv_line(before, shape, filters, bias, stride, 1, before[1], ("ui8", sums)),
            rest, ("ui8", "ui8"), "q")

        before, shape = shape, [1, count, shape[2], shape[3]]
        element = "i8"
        filters = dense(net.integers(count * before[1], -127, 127), [count, before[1], 1, 1], "i8")
        bias = dense(net.integers(count, -90000, 90000), [count], "i32")
        rest = (excite(shape, 1.0) if args.se else
                [quantize("%c", "i32", shape, 1 / (24 * before[1] ** 0.5 * 20))])
        value = net.block(
            f"stage{i + 1}.1", value, (before, shape),
            conv_line(before, shape, filters, bias, 1, 0, 1, ("ui8", "i32")),
            rest, ("ui8", "ui8"), "q")

    count = shape[1]
    results, kinds = [], []
    if args.features:
        factor = dense(net.factors(count, 0.1), [count], "f32")
        net.lines.append(f"  %map = mobileone.dequantize {value} factor = {factor} : "
                         f"{typed(shape, 'ui8')} -> {typed(shape, 'f32')}")
        results, kinds = ["%map"], [typed(shape, "f32")]
    classes = args.classes
    weights = dense(net.integers(classes * count, -127, 127), [classes, count], "i8")
    bias = dense(net.integers(classes, -90000, 90000), [classes], "i32")
    factor = dense(net.factors(classes, 1e-5), [classes], "f32")
    net.lines += [
        f"  %p = mobileone.global_sum_pool {value} : {typed(shape, 'ui8')} -> {typed([1, count], 'i32')}",
        f'  %l = mobileone.linear "head" %p weight = {weights} bias = {bias} : '
        f"{typed([1, count], 'i32')} -> {typed([1, classes], 'i32')}",
        f"  %y = mobileone.dequantize %l factor = {factor} : "
        f"{typed([1, classes], 'i32')} -> {typed([1, classes], 'f32')}"]
    results.insert(0, "%y")
    kinds.insert(0, typed([1, classes], "f32"))
    types = kinds[0] if len(kinds) == 1 else f"({', '.join(kinds)})"
    body = "\n".join(net.lines)
    return (f"func.func @quantized(%image: {bytes_in}) -> {types} {{\n{body}\n"
            f"  return {', '.join(results)} : {', '.join(kinds)}\n}}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--size", default="32x32")
    parser.add_argument("--channels", default="16-32-48")
    parser.add_argument("--classes", type=int, default=10)
    for flag in ("se", "sensitive", "features"):
        parser.add_argument(f"--{flag}", action="store_true")
    print(make(parser.parse_args()), end="")


main()
