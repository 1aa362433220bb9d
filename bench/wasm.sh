#!/bin/sh
# Times modules of WebAssembly beside onnxruntime-web, in one process of Node.
#   bench/wasm.sh [--seconds 20] [--build build] [VARIANT...]
# Installs Node and the peer from npm into build/wasm-bench, and makes a Python environment
# there. What it does: docs/Benchmarks.md.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build
seconds=20
while [ $# -ge 2 ] && [ "${1#--}" != "$1" ]; do
  case $1 in
  --build) build=$(cd "$2" && pwd) ;;
  --seconds) seconds=$2 ;;
  *) echo "bench/wasm.sh expects --build or --seconds, but got $1" >&2 && exit 2 ;;
  esac
  shift 2
done
[ $# -gt 0 ] || set -- s0 s4

folder=$build/wasm-bench
python=${BENCH_VENV:-$folder/venv}/bin/python
mkdir -p "$folder"
[ -d "$folder/node_modules/onnxruntime-web" ] ||
  npm install --silent --no-fund --no-audit --prefix "$folder" node@24 onnxruntime-web@1.30.0 >&2
[ -x "$python" ] || python3 -m venv "${python%/bin/python}"
"$python" -c 'import numpy, onnx' 2>/dev/null || "$python" -m pip install --quiet numpy onnx

for variant in "$@"; do
  PYTHONPATH=$root/bench "$python" - "$folder" "$variant" <<'END'
import sys
import network, onnx_model
folder, variant = sys.argv[1:]
state = network.weights(variant)
network.write_safetensors(f"{folder}/{variant}.safetensors", state)
onnx_model.write(f"{folder}/{variant}.onnx", variant, state, 224)
network.image(224).tofile(f"{folder}/image.bin")
END
  for level in simd128 relaxed-simd; do
    "$build/bin/mobileone-opt" "$folder/$variant.safetensors" --prefix=net --target=wasm32 \
      --isa=wasm-$level --overwrite -o "$folder/$variant.$level.wasm"
  done
done
cp "$root/bench/wasm.mjs" "$folder"
exec "$folder/node_modules/node/bin/node" "$folder/wasm.mjs" "$folder" "$seconds" "$@"
