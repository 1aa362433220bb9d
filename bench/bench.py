"""Times MobileOne objects beside other inference engines.

Started by run.sh, which makes the Python environment. Each network is built
for every contender from the same weights; outputs are compared before
anything is timed; then all contenders take turns in one process on one core.
"""
import argparse
import ctypes
import dataclasses
import gc
import importlib.metadata
import json
import os
import platform
import random
import subprocess
import sys
import time
from pathlib import Path

import layers
import network
import numpy as np
import peers
import report

ROOT = Path(__file__).resolve().parent.parent
MAX_DIFFERENCE = 1e-4  # of the largest logit; float32 rounding gives 1e-5
SPREAD = 0.03  # between the best and the third-best time
LEAST_ROUNDS = 50
STARTS = 7


def command(*words):
    """The output of a program, or of its failure."""
    done = subprocess.run([str(word) for word in words], text=True,
                          capture_output=True)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        how = lines[-1] if lines else "no message"
        raise RuntimeError(f"{Path(words[0]).name} ends with "
                           f"{done.returncode}: {how}")
    return done.stdout


def reason(error):
    """An exception in one line."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:200]


def prepare(variant, options):
    """Writes one network in the forms that contenders start from."""
    folder = options.output / variant
    folder.mkdir(parents=True, exist_ok=True)
    model = peers.Model(variant, options.image_size, folder,
                        folder / f"{variant}.onnx",
                        folder / f"{variant}.safetensors",
                        folder / f"mobileone_{variant}.o", options.cc)
    state = network.weights(variant)
    network.write_safetensors(model.state, state)
    import onnx_model
    onnx_model.write(model.onnx, variant, state, model.size)

    start = time.perf_counter()
    command(options.build / "bin/mobileone-opt", model.state, "-o",
            model.object, f"--image-size={model.size}x{model.size}")
    seconds = time.perf_counter() - start
    print(f"{variant}: compiled in {seconds:.1f} s", flush=True)
    if options.verify:
        print(command(options.build / "bin/mobileone-run", model.object,
                      "--verify", model.state).strip(), flush=True)

    image = network.image(model.size)
    np.save(folder / "image.npy", image)
    image.tofile(folder / "image.bin")
    return model, image


def convert(name, model):
    """In another process: a foreign compiler may crash, or leave threads."""
    description = model.folder / "model.json"
    description.write_text(json.dumps(dataclasses.asdict(model), default=str))
    printed = command(sys.executable, Path(__file__).parent / "convert.py",
                      name, description)
    return Path(printed.strip().splitlines()[-1])


def measure_start(words, folder):
    """One fresh process: seconds to its first result, and what it says."""
    messages = folder / "messages.txt"
    start = time.perf_counter()
    with open(messages, "w") as errors, subprocess.Popen(
            [str(word) for word in words], text=True, stdout=subprocess.PIPE,
            stderr=errors, cwd=Path(__file__).parent) as process:
        for line in process.stdout:  # Libraries may print lines of their own.
            if line.strip() == "result":
                break
        seconds = time.perf_counter() - start
        rest = process.stdout.read()
    if process.returncode:
        lines = messages.read_text().strip().splitlines() or ["no message"]
        how = (f"signal {-process.returncode}" if process.returncode < 0
               else f"exit status {process.returncode}")
        raise RuntimeError(f"process ends with {how}: {lines[-1]}")
    return seconds, rest


def start_of_peer(name, path, folder, count):
    """Best of `count` processes; an error if one of them fails."""
    best = None
    for _ in range(count):
        seconds, rest = measure_start(
            [sys.executable, "start.py", name, path, folder / "image.npy",
             folder / f"{name}.npy"], folder)
        row = json.loads(next(line for line in rest.splitlines()
                              if line.startswith("{")))
        row["seconds"] = seconds
        row["model_bytes"] = sum(file.stat().st_size
                                 for file in shipped_files(path))
        if not best or seconds < best["seconds"]:
            best = row
    return best


def shipped_files(path):
    """The files of a model that an app ships beside the peer's library."""
    if path.suffix in (".xml", ".param"):
        return [path, path.with_suffix(".bin")]
    return [path] if path.is_file() else []


def start_of_app(model, count):
    """The same of our object in the smallest C program."""
    app = model.folder / "app"
    prefix = model.object.stem
    command(model.compiler, "-O2", "-s", f"-DNAME={prefix}",
            f'-DHEADER="{prefix}.h"', f"-I{model.folder}",
            ROOT / "bench/first_result.c", model.object, "-o", app)
    best = None
    for _ in range(count):
        seconds, rest = measure_start(
            [app, model.folder / "image.bin", model.folder / "app.bin"],
            model.folder)
        if not best or seconds < best["seconds"]:
            best = {"seconds": seconds,
                    "resident_bytes": int(rest.split()[1]) * 1024,
                    "library_bytes": app.stat().st_size, "model_bytes": 0,
                    "libraries": [app.name]}
    return best


def load_peers(model, image, names, left_out):
    """Converts, tries in a process of its own, compares, loads."""
    loaded, paths, differences = {}, {}, {}
    expected = None
    for name in names:
        try:
            peer = peers.make(name)
            path = convert(name, model)
            start_of_peer(name, path, model.folder, 1)
            result = np.load(model.folder / f"{name}.npy").ravel()
            if expected is None:
                expected = result
            difference = float(np.abs(result - expected).max() /
                               np.abs(expected).max())
            print(f"{model.variant}: {peer.TITLE} differs by {difference:.1e} "
                  "of the largest logit", flush=True)
            if not difference < MAX_DIFFERENCE:
                raise RuntimeError(f"logits differ by {difference:.1e}")
            peer.load(path, image)
            peer.run()
            loaded[name], paths[name] = peer, path
            differences[name] = difference
        except Exception as error:  # Whatever a foreign package throws.
            if name == "mobileone":
                raise
            left_out.append(f"{name} ({model.variant}): {reason(error)}")
            print(f"left out: {left_out[-1]}", flush=True)
    return loaded, paths, differences


def settled(times):
    best = sorted(times)[:3]
    return len(best) == 3 and best[2] <= best[0] * (1 + SPREAD)


def interleave(loaded, peak, cap):
    """All in turn, in a new order each round, until the best times settle.

    A turn is two calls. The first finds the caches full of the others' data,
    the second its own. The best of all calls counts, and the best of the first
    ones is shown beside it.
    """
    first = {name: [] for name in loaded}
    every = {name: [] for name in loaded}
    peaks = []
    shuffle = random.Random(network.SEED).shuffle
    order = list(loaded)
    clock = time.perf_counter
    start = clock()
    gc.collect()
    gc.disable()
    while True:
        shuffle(order)
        for name in order:
            run = loaded[name].run
            t0 = clock()
            run()
            t1 = clock()
            run()
            t2 = clock()
            first[name].append(t1 - t0)
            every[name] += [t1 - t0, t2 - t1]
            peaks.append(peak())
        rounds = len(peaks) // len(order)
        if rounds >= LEAST_ROUNDS and all(map(settled, every.values())):
            break
        if clock() - start > cap:
            break
    gc.enable()
    return first, every, peaks


def build_peak(options):
    path = options.output / "libpeak.so"
    command(options.cc, "-O2", "-shared", "-fPIC", f"-I{ROOT}",
            ROOT / "bench/peak.c", ROOT / "tools/mobileone-run/PeakKernel.c",
            "-o", path)
    library = ctypes.CDLL(str(path))
    library.bench_peak.restype = ctypes.c_double
    return library.bench_peak


def bench_variant(variant, options, peak, left_out):
    model, image = prepare(variant, options)
    loaded, paths, differences = load_peers(model, image, options.peers,
                                            left_out)
    first, every, peaks = interleave(loaded, peak, options.seconds)
    about = json.loads(model.object.with_suffix(".json").read_text())
    best_peak = max(peaks)
    rows = {}
    for name in loaded:
        times = sorted(every[name])
        rows[name] = {
            "ms": 1e3 * times[0],
            "third_ms": 1e3 * times[2],
            "settled": settled(times),
            "median_ms": 1e3 * times[len(times) // 2],
            "first_ms": 1e3 * min(first[name]),
            "gflops": 2e-9 * about["multiply_adds"] / times[0],
            "difference": differences[name],
        }
        if best_peak:
            rows[name]["peak_share"] = 1e9 * rows[name]["gflops"] / best_peak
    ours = rows["mobileone"]["ms"]
    for row in rows.values():
        row["ratio"] = row["ms"] / ours
    result = {
        "rows": rows, "rounds": len(peaks) // len(loaded),
        "peak_gflops": 1e-9 * best_peak,
        "multiply_adds": about["multiply_adds"],
        "load_average": os.getloadavg()[0],
    }
    if options.starts:
        result["starts"] = measure_starts(model, paths, options.starts,
                                          left_out)
    return result


def measure_starts(model, paths, count, left_out):
    rows = {"mobileone": start_of_app(model, count)}
    # Every peer's process also pays for Python and numpy: shown for itself.
    for name, path in {**paths, "python": Path("none")}.items():
        if name == "mobileone":
            continue
        try:
            rows[name] = start_of_peer(name, path, model.folder, count)
        except Exception as error:
            left_out.append(f"start of {name} ({model.variant}): "
                            f"{reason(error)}")
    return rows


def install(name):
    """Has pip fetch what a peer needs; an error if it cannot."""
    for package in peers.PEERS[name].packages:
        try:
            importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            print(f"installing {package}", flush=True)
            command(Path(sys.executable).parent / "pip", "install", "--quiet",
                    "--only-binary", ":all:", package)


def versions(names):
    return {package: importlib.metadata.version(package) for name in names
            for package in peers.PEERS[name].packages}


def machine(options):
    """What a reader must know to compare two runs."""
    info = Path("/proc/cpuinfo").read_text() if sys.platform == "linux" else ""
    model = next((line.split(":")[1].strip() for line in info.splitlines()
                  if line.startswith("model name")), platform.processor())
    flags = next((line for line in info.splitlines()
                  if line.startswith("flags")), "").split()
    known = [flag for flag in ("avx2", "fma", "avx512f", "avx512_vnni",
                               "avx512_bf16", "amx_tile") if flag in flags]
    try:
        commit = command("git", "-C", ROOT, "describe", "--always", "--dirty",
                         "--abbrev=12").strip()
    except (RuntimeError, OSError):
        commit = "unknown"
    return {
        "cpu": f"{model} ({', '.join(known)})",
        "cores": os.cpu_count(),
        "compiler": command(options.cc, "--version").splitlines()[0],
        "commit": commit,
        "python": platform.python_version(),
    }


def parse():
    parser = argparse.ArgumentParser(prog="bench/run.sh", description=__doc__)
    parser.add_argument("--variants", default="s0,s1,s2,s3,s4")
    parser.add_argument("--peers", default=",".join(list(peers.PEERS)[1:]),
                        help="default: %(default)s")
    parser.add_argument("--build", type=Path, default=ROOT / "build",
                        help="folder with bin/mobileone-opt")
    parser.add_argument("--output", type=Path, default=ROOT / "build/bench")
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--cpu", type=int, help="core to pin to; default: last")
    parser.add_argument("--seconds", type=float, default=120,
                        help="cap on the rounds of one variant")
    parser.add_argument("--starts", type=int, default=STARTS,
                        help="processes per contender for the cold start; "
                        "0 leaves this part out")
    parser.add_argument("--layers", action="store_true",
                        help="time single layers of MobileOne instead")
    parser.add_argument("--no-install", dest="install", action="store_false",
                        help="leave out peers that pip would have to fetch")
    parser.add_argument("--verify", action="store_true",
                        help="also compare with the float64 interpreter")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    options = parser.parse_args()
    options.variants = options.variants.split(",")
    names = [name for name in options.peers.split(",") if name]
    for name in names:
        if name not in peers.PEERS:
            parser.error(f"--peers: expects names of "
                         f"{', '.join(peers.PEERS)}, but got {name}")
    if options.layers:
        names = []
    options.peers = ["mobileone"] + [n for n in names if n != "mobileone"]
    for variant in options.variants:
        if variant not in network.STAGE_WIDTHS:
            parser.error(f"--variants: expects s0 ... s4, but got {variant}")
    options.output = options.output.resolve()
    options.output.mkdir(parents=True, exist_ok=True)
    return options


def main():
    options = parse()
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        options.cpu = allowed[-1] if options.cpu is None else options.cpu
        os.sched_setaffinity(0, {options.cpu})

    left_out = []
    usable = []
    for name in options.peers:
        try:
            if options.install:
                install(name)
            peers.make(name)
            usable.append(name)
        except Exception as error:
            left_out.append(f"{name}: {reason(error)}")
            print(f"left out: {left_out[-1]}", flush=True)
    options.peers = usable

    results = {"machine": machine(options), "versions": versions(usable),
               "settings": {name: peers.make(name).SETTINGS for name in usable},
               "titles": {name: peers.make(name).TITLE for name in usable},
               "cpu": options.cpu, "image_size": options.image_size,
               "variants": {}, "left_out": left_out}
    print(report.heading(results), flush=True)
    peak = build_peak(options)
    if options.layers:
        for variant in options.variants:
            layers.bench(variant, ROOT / "bench/shapes", options, peak, settled)
        return
    for variant in options.variants:
        results["variants"][variant] = bench_variant(variant, options, peak,
                                                     left_out)
        print(report.variant_text(results, variant), flush=True)
        # After every variant: an interrupted run keeps what it has.
        (options.output / "results.json").write_text(
            json.dumps(results, indent=2))
        (options.output / "table.md").write_text(report.markdown(results))
        (options.output / "plot.svg").write_text(report.plot(results))
    print(report.markdown(results))
    print(f"written: {options.output}/table.md, plot.svg, results.json")


if __name__ == "__main__":
    main()
