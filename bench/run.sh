#!/bin/sh
# Makes a Python environment under build/ and runs the bench in it, which
# installs the peers there.
#   bench/run.sh [--variants s0,s4] [--peers onnxruntime,openvino] ...
# All options: bench/run.sh --help. What it does: docs/Benchmarks.md.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
environment=${BENCH_VENV:-$root/build/bench-venv}
python=$environment/bin/python

[ -x "$python" ] || python3 -m venv "$environment"
"$python" -c 'import numpy, onnx' 2>/dev/null ||
  "$python" -m pip install --quiet numpy onnx

exec "$python" "$root/bench/bench.py" "$@"
