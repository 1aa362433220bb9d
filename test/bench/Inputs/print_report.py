"""Prints the report of a made-up run.

  print_report.py BENCH_FOLDER THREADS
"""
import sys

sys.path.insert(0, sys.argv[1])
import report  # noqa: E402
import timing  # noqa: E402


def row(ms, ratio, peak_gflops, settled=True):
    return {"ms": ms, "third_ms": ms, "median_ms": 2 * ms, "first_ms": ms,
            "settled": settled, "ratio": ratio, "gflops": 500 / ms,
            "peak_share": 500 / ms / peak_gflops, "difference": 0.0}


threads = int(sys.argv[2])
data = {"rows": {"mobileone": row(5.0, 1.0, 100),
                 "onnxruntime": row(6.25, 1.25, 100)},
        "rounds": 50, "peak_gflops": 100.0, "multiply_adds": 250e6,
        "load_average": 0.5}
if threads > 1:
    data["parallel"] = timing.add_gains(
        {"rows": {"mobileone": row(3.2, 1.0, 160),
                  "onnxruntime": row(5.0, 1.5625, 160, settled=False)},
         "peak_gflops": 160.0, "multiply_adds": 250e6}, data)
results = {
    "machine": {"cpu": "Toy CPU", "cores": 4, "compiler": "cc 1",
                "commit": "abc"},
    "versions": {"onnxruntime": "1.0"}, "cpus": list(range(4 - threads, 4)),
    "titles": {"mobileone": "MobileOne", "onnxruntime": "ONNX Runtime"},
    "threads": threads, "image_size": 224, "variants": {"s0": data},
    "left_out": []}
print(report.heading(results))
print(report.variant_text(results, "s0"))
print(report.markdown(results))
