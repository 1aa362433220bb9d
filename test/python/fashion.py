# examples/python/fashion.py compiles the checkpoint and classifies its 256 test images.
# RUN: %python %root/examples/python/fashion.py %fashion 2>/dev/null | %python %s
import re
import sys

text = sys.stdin.read()
print(text)
assert "\n238 of 256 right" in text
# Logits reach -146.
assert float(re.search(r"float64 network (\S+)", text)[1]) < 5e-4
