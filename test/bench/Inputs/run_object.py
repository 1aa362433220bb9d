"""Runs an object with 10 classes as the bench does, on one thread and on three.

  run_object.py BENCH_FOLDER OBJECT SIZE COMPILER
"""
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import contenders  # noqa: E402
import numpy as np  # noqa: E402
import peers  # noqa: E402

object_file, size = Path(sys.argv[2]), int(sys.argv[3])
one = peers.Model("tiny", size, object_file.parent, 1, None, None, None,
                  object_file, sys.argv[4], None)
image = np.random.default_rng(1).normal(
    size=(1, 3, size, size)).astype(np.float32)
logits = []
for model in (one, contenders.for_threads(one, 3)):
    peer = peers.make("mobileone")
    path = peer.convert(model)
    peer.load(path, image, model.threads)
    peer.run()
    peer.output[:] = 0
    peer.run()
    logits.append(peer.logits()[:10])
    print(path.relative_to(one.folder))
print("nonzero", np.count_nonzero(logits[0]))
print("same bits", np.array_equal(*logits))
