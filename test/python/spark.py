# The Spark job in local mode with two workers: of a folder and of a table. A broken image
# is a row with its error; each worker process loads the network once.
# REQUIRES: spark
# RUN: %jobs-python %s %root/examples/spark/classify.py
import os
import runpy
import sys

import jobs
import support
from pyspark.sql import SparkSession

import mobileone

job = sys.argv[1]
os.environ["PYSPARK_PYTHON"] = sys.executable


def start():
    # As spark-submit --master 'local[2]' does; the job gets the session that is there.
    return (SparkSession.builder.master("local[2]").config("spark.ui.enabled", False)
            .config("spark.local.dir", str(support.folder)).getOrCreate())


def classify(images, out):
    start()
    sys.argv = [job, str(support.folder / "net.so"), str(images), str(out)]
    runpy.run_path(job, run_name="__main__")
    rows = start().read.parquet(str(out))
    return rows.select("path", "class", "probability", "error").collect()


expected = jobs.write_folder(support.folder / "images", 40)
files = start().read.format("binaryFile").load(str(support.folder / "images"))
files.select("path", "content").write.option("compression", "zstd").parquet(
    str(support.folder / "images.parquet"))
jobs.check(classify(support.folder / "images.parquet", support.folder / "a"), dict(expected))
jobs.check(classify(support.folder / "images", support.folder / "b"), dict(expected))

model = start().sparkContext.broadcast(mobileone.load(support.folder / "net.so"))
pairs = set(start().sparkContext.range(16, numSlices=16).mapPartitions(
    lambda numbers: [(os.getpid(), id(model.value)) for _ in numbers]).collect())
workers = {process for process, _ in pairs}
print(len(workers), "workers,", len(pairs), "loads")
assert len(pairs) == len(workers) <= 2
start().stop()
