#!/usr/bin/env bash
# From a fresh clone to classified images: builds the compiler, compiles the
# checkpoint of examples/fashion to one object, links examples/classify.c to it
# and runs that on 256 images.
set -euo pipefail
source "$(dirname "$0")/steps.sh"

tools/install.sh
configure dev
step "build mobileone-opt, mobileone-run" \
  ninja -C build mobileone-opt mobileone-run

checkpoint=examples/fashion/mobileone_s0_fashion.safetensors
out=build/demo
mkdir -p $out
step "compile the checkpoint" build/bin/mobileone-opt $checkpoint \
  --image-size=64x64 --output=softmax --prefix=fashion -o $out/fashion.o
compiler=${CC:-$(command -v cc || command -v clang-22)} ||
  { echo "expects a C compiler: cc, clang-22, or CC=..." >&2; exit 1; }
step "link classify.c with $(basename "$compiler")" "$compiler" \
  -std=c99 -O2 -I$out examples/classify.c $out/fashion.o -o $out/classify

bytes() { stat -c %s "$1"; }
weights=$(sed -n 's/.*"weights_bytes": \([0-9]*\).*/\1/p' $out/fashion.json)
code=$(llvm-size-22 -A $out/fashion.o | awk '$1 == ".text" {print $2}')

echo
$out/classify examples/fashion/images_u8.bin examples/fashion/labels_u8.bin \
  $out/sheet.html
printf 'object    %9d bytes: %d weights, %d code\n' \
  "$(bytes $out/fashion.o)" "$weights" "$code"
printf 'program   %9d bytes, all that an app ships\n' "$(bytes $out/classify)"
echo "sheet     $PWD/$out/sheet.html"
