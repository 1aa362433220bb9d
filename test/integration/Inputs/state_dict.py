"""state_dict.py GOLDENS VARIANT: compiles the variant's golden state dict and compares."""
import json
import pathlib
import sys

import generate
import mobileone
import numpy as np

folder, variant = sys.argv[1:]
model = mobileone.compile(generate.train_state(variant), isa="native")
images = np.concatenate([generate.make_input(1, i) for i in (0, 1)]).astype(np.float32)
expected = json.loads(pathlib.Path(folder, f"expected_{variant}.json").read_text())
expected = np.array(expected["multi_branch_float64"])
got = model(images)
error = np.abs(got - expected).max() / np.abs(expected).max()
print(f"{model}: largest error {error:.2g}")
assert model.info.variant == variant and error < 1e-4
