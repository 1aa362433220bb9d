# The Ray job with two local workers: of a folder and of a table. A broken image is a row
# with its error.
# REQUIRES: ray
# RUN: %jobs-python %s %root/examples/ray/classify.py
import os
import subprocess
import sys

import jobs
import pyarrow.parquet
import support

os.environ["RAY_AUTH_MODE"] = "disabled"  # else it writes a token into the home folder
os.environ["RAY_raylet_start_wait_time_s"] = "300"  # of a busy machine
expected = jobs.write_folder(support.folder / "images", 40)


def classify(images, out):
    subprocess.run([sys.executable, sys.argv[1], support.folder / "net.so", images, out, "2"],
                   check=True)
    rows = pyarrow.parquet.read_table(out).to_pylist()
    return [(row["path"], row["class"], row["probability"], row["error"]) for row in rows]


jobs.check(classify(support.folder / "images", support.folder / "a"), dict(expected))
files = sorted((support.folder / "images").iterdir())
table = pyarrow.table({"path": [str(file) for file in files],
                       "bytes": [file.read_bytes() for file in files]})
pyarrow.parquet.write_table(table, support.folder / "images.parquet", compression="zstd")
jobs.check(classify(support.folder / "images.parquet", support.folder / "b"), dict(expected))
