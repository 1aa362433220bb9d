"""Takes times of contenders in turn, beside the peak of the same cores."""
import ctypes
import gc
import random
import time
from pathlib import Path

import network
from process import command

ROOT = Path(__file__).resolve().parent.parent
SPREAD = 0.03  # between the best and the third-best time
LEAST_ROUNDS = 50
# Longer than any thread of a contender spins after its call: see
# docs/Benchmarks.md. Beside it, more calls of a turn cost little.
PAUSE = 0.1
CALLS, CALLS_WITH_PAUSE = 2, 6


def settled(times):
    best = sorted(times)[:3]
    return len(best) == 3 and best[2] <= best[0] * (1 + SPREAD)


def build_peak(options):
    """A function of the number of threads."""
    path = options.output / "libpeak.so"
    command(options.cc, "-O2", "-shared", "-fPIC", "-pthread", f"-I{ROOT}",
            ROOT / "bench/peak.c", ROOT / "tools/mobileone-run/PeakKernel.c",
            "-o", path)
    library = ctypes.CDLL(str(path))
    library.bench_peak.argtypes = [ctypes.c_uint]
    library.bench_peak.restype = ctypes.c_double
    return library.bench_peak


def interleave(runs, thread_counts, peak, cap):
    """All in turn, in a new order each round, until the best times settle.

    A turn is a few calls. The first finds the caches full of the others' data,
    and threads asleep, the next ones their own. The best of all calls counts, and the best of the first
    ones is shown beside it. Returns the first times and all times by the keys
    of `runs`, and the peaks by the number of threads.
    """
    first = {key: [] for key in runs}
    every = {key: [] for key in runs}
    peaks = {threads: [] for threads in thread_counts}
    shuffle = random.Random(network.SEED).shuffle
    order = list(runs)
    clock = time.perf_counter
    pauses = max(thread_counts) > 1
    calls = CALLS_WITH_PAUSE if pauses else CALLS
    start = clock()
    gc.collect()
    gc.disable()
    while True:
        shuffle(order)
        for key in order:
            run = runs[key]
            times = []
            for _ in range(calls):
                t0 = clock()
                run()
                t1 = clock()
                times.append(t1 - t0)
            first[key].append(times[0])
            every[key] += times
            if pauses:
                time.sleep(PAUSE)
            for threads, values in peaks.items():
                values.append(peak(threads))
        rounds = len(first[order[0]])
        if rounds >= LEAST_ROUNDS and all(map(settled, every.values())):
            break
        if clock() - start > cap:
            break
    gc.enable()
    return first, every, peaks


def rows_of(threads, contenders, first, every, multiply_adds, best_peak):
    """What the report says of every contender on this many threads."""
    rows = {}
    for (name, count), contender in contenders.items():
        if count != threads:
            continue
        times = sorted(every[name, count])
        rows[name] = {
            "ms": 1e3 * times[0],
            "third_ms": 1e3 * times[2],
            "settled": settled(times),
            "median_ms": 1e3 * times[len(times) // 2],
            "first_ms": 1e3 * min(first[name, count]),
            "gflops": 2e-9 * multiply_adds / times[0],
            "difference": contender.difference,
        }
        if best_peak:
            rows[name]["peak_share"] = 1e9 * rows[name]["gflops"] / best_peak
    ours = rows["mobileone"]["ms"]
    for row in rows.values():
        row["ratio"] = row["ms"] / ours
    return rows


def add_gains(parallel, one):
    """Adds what several threads gain over one, and the share of the peak's."""
    if one["peak_gflops"]:
        parallel["peak_gain"] = parallel["peak_gflops"] / one["peak_gflops"]
    for name, row in parallel["rows"].items():
        row["gain"] = one["rows"][name]["ms"] / row["ms"]
        if "peak_gain" in parallel:
            row["gain_share"] = row["gain"] / parallel["peak_gain"]
    return parallel
