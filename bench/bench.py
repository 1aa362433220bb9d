"""Times MobileOne objects beside other inference engines.

Started by run.sh, which makes the Python environment. Each network is built
for every contender from the same weights; outputs are compared before
anything is timed; then all contenders take turns in one process on one core,
or each of them with one thread and with several on as many cores.
"""
import argparse
import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

import cold_start
import contenders
import layers
import network
import peers
import report
import timing
from process import command, reason

ROOT = Path(__file__).resolve().parent.parent
STARTS = 7


def bench_variant(variant, options, peak, left_out):
    model, image = contenders.prepare(variant, options)
    loaded = contenders.load_all(model, image, options, left_out)
    runs = {key: contender.peer.run for key, contender in loaded.items()}
    first, every, peaks = timing.interleave(runs, options.thread_counts, peak,
                                            options.seconds)
    about = json.loads(model.object.with_suffix(".json").read_text())

    def figures(threads):
        return {"rows": timing.rows_of(threads, loaded, first, every,
                                       about["multiply_adds"],
                                       max(peaks[threads])),
                "peak_gflops": 1e-9 * max(peaks[threads]),
                "multiply_adds": about["multiply_adds"]}

    result = {
        **figures(1),
        "rounds": len(peaks[1]) // len(loaded),
        "load_average": os.getloadavg()[0],
    }
    if options.threads > 1:
        result["parallel"] = timing.add_gains(figures(options.threads), result)
    elif options.starts:
        paths = {name: loaded[name, 1].path for name, _ in loaded}
        result["starts"] = cold_start.measure_starts(
            model, paths, options.starts, left_out)
    return result


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


def choose_cpus(parser, options):
    """As many cores as threads, of those that this process may use."""
    if not hasattr(os, "sched_setaffinity"):
        return []
    allowed = sorted(os.sched_getaffinity(0))
    first = options.cpu
    if first is None:
        first = allowed[-options.threads:][0]
    if first not in allowed:
        parser.error(f"--cpu: expects one of {', '.join(map(str, allowed))}, "
                     f"but got {first}")
    chosen = allowed[allowed.index(first):][:options.threads]
    if len(chosen) < options.threads:
        parser.error(f"--threads: expects at most {len(chosen)} (the cores "
                     f"from {first} on), but got {options.threads}")
    return chosen


def parse():
    parser = argparse.ArgumentParser(prog="bench/run.sh", description=__doc__)
    parser.add_argument("--variants", default="s0,s1,s2,s3,s4")
    parser.add_argument("--peers", default=",".join(list(peers.PEERS)[1:]),
                        help="default: %(default)s")
    parser.add_argument("--build", type=Path, default=ROOT / "build",
                        help="folder with bin/mobileone-opt")
    parser.add_argument("--output", type=Path, default=ROOT / "build/bench")
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--threads", type=int, default=1,
                        help="time everybody on one thread and on this many")
    parser.add_argument("--cpu", type=int, help="core to pin to, the first of "
                        "several; default: the last")
    parser.add_argument("--seconds", type=float, default=120,
                        help="cap on the rounds of one variant")
    parser.add_argument("--starts", type=int, default=STARTS,
                        help="processes per contender for the cold start; "
                        "0 or --threads leaves this part out")
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
    if options.threads < 1:
        parser.error(f"--threads: expects at least 1, but got "
                     f"{options.threads}")
    if options.layers and options.threads > 1:
        parser.error(f"--layers: expects 1 thread, but got {options.threads}")
    options.thread_counts = sorted({1, options.threads})
    options.cpus = choose_cpus(parser, options)
    if options.layers:
        names = []
    options.peers = ["mobileone"] + [n for n in names if n != "mobileone"]
    known = list(network.STAGE_WIDTHS) + ["windows"] * options.layers
    for variant in options.variants:
        if variant not in known:
            parser.error(f"--variants: expects {', '.join(known)}, but got "
                         f"{variant}")
    options.output = options.output.resolve()
    options.output.mkdir(parents=True, exist_ok=True)
    return options


def main():
    options = parse()
    if options.cpus:
        os.sched_setaffinity(0, options.cpus)

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
               "settings": {name: peers.make(name).SETTINGS.format(
                   threads=options.threads) for name in usable},
               "titles": {name: peers.make(name).TITLE for name in usable},
               "cpus": options.cpus, "threads": options.threads,
               "image_size": options.image_size,
               "variants": {}, "left_out": left_out}
    print(report.heading(results), flush=True)
    peak = timing.build_peak(options)
    if options.layers:
        for variant in options.variants:
            layers.bench(variant, ROOT / "bench/shapes", options, peak,
                         timing.settled)
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
