# The Python code of docs/Python.md and of the package index's page runs, and prints
# what the page shows.
# RUN: %python %s %root/docs/Python.md
# RUN: %python %s %root/python/README.md
import contextlib
import io
import os
import re
import shutil
import sys
import types

import fake_torch
import numpy as np
import support
from checkpoints import read_safetensors

page = open(sys.argv[1]).read()
checkpoint = support.FASHION / "mobileone_s0_fashion.safetensors"
shutil.copy(checkpoint, support.folder / "fashion.safetensors")
support.make_file()
os.chdir(support.folder)

# Stand for packages that are not here; modules.py and timm_agrees.py have more of both.
photo = np.random.default_rng(1).integers(0, 256, (90, 120, 3), np.uint8)
opened = types.SimpleNamespace(convert=lambda mode: photo)
sys.modules["PIL"] = types.SimpleNamespace(Image=types.SimpleNamespace(open=lambda path: opened))
sys.modules["timm"] = types.SimpleNamespace(create_model=lambda name, num_classes:
                                            fake_torch.make_module(read_safetensors(checkpoint)))

names = {}
blocks = re.findall(r"```(python)?\n(.*?)```", page, re.DOTALL)
assert any(language for language, _ in blocks)
printed = ""
for language, text in blocks:
    if language:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(text, sys.argv[1], "exec"), names)
        printed = output.getvalue()
        print(text, printed, sep="\n--> ")
    elif not text.startswith(("$", "ValueError")):
        # The best level is this CPU's.
        assert re.sub("x86-64-v.", "", printed) == re.sub("x86-64-v.", "", text), (printed, text)
