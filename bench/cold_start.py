"""Cold starts: fresh processes, from exec to the first result."""
import json
import subprocess
import sys
import time
from pathlib import Path

from process import command, reason

ROOT = Path(__file__).resolve().parent.parent


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


def start_of_peer(name, path, model, count):
    """Best of `count` processes; an error if one of them fails."""
    best = None
    for _ in range(count):
        seconds, rest = measure_start(
            [sys.executable, "start.py", name, model.threads, path, model.image,
             model.folder / f"{name}.npy"], model.folder)
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


def measure_starts(model, paths, count, left_out):
    rows = {"mobileone": start_of_app(model, count)}
    # Every peer's process also pays for Python and numpy: shown for itself.
    for name, path in {**paths, "python": Path("none")}.items():
        if name == "mobileone":
            continue
        try:
            rows[name] = start_of_peer(name, path, model, count)
        except Exception as error:
            left_out.append(f"start of {name} ({model.variant}): "
                            f"{reason(error)}")
    return rows
