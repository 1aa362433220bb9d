"""usage: quantized_image.py NETWORK.mlir IMAGE.bin IMAGE.npy
Writes random bytes as the image of a network of test/Inputs/quantized_network.py."""
import re
import sys

import numpy

text = open(sys.argv[1]).readline()
shape = [int(n) for n in re.search(r"tensor<1x(\d+)x(\d+)x3xui8>", text).groups()]
image = numpy.random.default_rng(7).integers(0, 256, (1, *shape, 3), dtype=numpy.uint8)
image.tofile(sys.argv[2])
numpy.save(sys.argv[3], image)
