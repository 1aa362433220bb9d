#!/bin/sh
# Sets up the peers in a Python environment under build/ and runs the bench.
#   bench/run.sh [--variants s0,s4] [--peers onnxruntime,openvino] ...
# All options: bench/run.sh --help. What it does: docs/Benchmarks.md.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
environment=${BENCH_VENV:-$root/build/bench-venv}
python=$environment/bin/python

if [ ! -x "$python" ]; then
  python3 -m venv "$environment"
  "$python" -m pip install --quiet numpy onnx
fi

# A package that cannot be had is reported by bench.py, as an import error.
# Names in BENCH_SKIP_PACKAGES are not installed.
for package in onnxruntime openvino; do
  case " ${BENCH_SKIP_PACKAGES:-} " in *" $package "*) continue ;; esac
  "$python" -m pip show --quiet "$package" 2>/dev/null ||
    "$python" -m pip install --quiet "$package" ||
    echo "bench: pip could not install $package" >&2
done

exec "$python" "$root/bench/bench.py" "$@"
