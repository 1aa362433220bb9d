"""Prints a MobileOne network in IR, all its weights alike.

    network.py VARIANT

Every layer has the shape that it has in the variant, in deploy form.
"""
import sys

# Channels of the stem and of the stages; pairs of blocks with squeeze-and-excite.
VARIANTS = {
    "s0": (48, [48, 128, 256, 1024], [0, 0, 0, 0]),
    "s1": (64, [96, 192, 512, 1280], [0, 0, 0, 0]),
    "s2": (64, [96, 256, 640, 2048], [0, 0, 0, 0]),
    "s3": (64, [128, 320, 768, 2048], [0, 0, 0, 0]),
    "s4": (64, [192, 448, 896, 2048], [0, 0, 5, 1]),
}
PAIRS = [2, 8, 10, 1]


def tensor(*shape):
    return f"tensor<{'x'.join(map(str, shape))}xf32>"


def splat(*shape):
    return f"dense<0.125> : {tensor(*shape)}"


class Network:
    def __init__(self):
        self.value, self.channels, self.size, self.count = "image", 3, 224, 0

    def add_block(self, channels, kernel, stride, groups, squeeze):
        source = tensor(1, self.channels, self.size, self.size)
        size = self.size // stride
        target = tensor(1, channels, size, size)
        print(f'  %b{self.count} = mobileone.block "b{self.count}" (%x = %{self.value}) : {source} -> {target} {{')
        print(f"    %conv = mobileone.conv %x filter = {splat(channels, self.channels // groups, kernel, kernel)}"
              f" bias = {splat(channels)} strides = [{stride}, {stride}] padding = [{kernel // 2}, {kernel // 2}]"
              f" groups = {groups} : {source} -> {target}")
        result = "conv"
        if squeeze:
            hidden, result = channels // 16, "se"
            print(f"    %se = mobileone.squeeze_excite %conv reduce = {splat(hidden, channels)}, {splat(hidden)}"
                  f" expand = {splat(channels, hidden)}, {splat(channels)} : {target}")
        print(f"    %act = mobileone.activation relu %{result} : {target}")
        print(f"    mobileone.yield %act : {target}\n  }}")
        self.value, self.channels, self.size = f"b{self.count}", channels, size
        self.count += 1


stem, widths, squeezes = VARIANTS[sys.argv[1]]
network = Network()
print(f"func.func @net(%image: {tensor(1, 3, 224, 224)}) -> {tensor(1, 1000)} {{")
network.add_block(stem, 3, 2, 1, False)
for width, pairs, squeezed in zip(widths, PAIRS, squeezes):
    for pair in range(pairs):
        squeeze = pair >= pairs - squeezed
        network.add_block(network.channels, 3, 1 if pair else 2, network.channels, squeeze)
        network.add_block(width, 1, 1, 1, squeeze)
mean = tensor(1, network.channels)
print(f"  %mean = mobileone.global_average_pool %{network.value} : "
      f"{tensor(1, network.channels, network.size, network.size)} -> {mean}")
print(f'  %logits = mobileone.linear "head" %mean weight = {splat(1000, network.channels)}'
      f" bias = {splat(1000)} : {mean} -> {tensor(1, 1000)}")
print(f"  return %logits : {tensor(1, 1000)}\n}}")
