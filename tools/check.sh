#!/usr/bin/env bash
# Runs every test, from a fresh clone on: installs what is missing, builds, and
# stops at the first part that fails. The last line counts the tests of all
# parts, as their runners report them.
set -euo pipefail
source "$(dirname "$0")/steps.sh"

# Commands of tests are not quoted.
if [[ ! $PWD =~ ^[[:alnum:]_./+@~-]+$ ]]; then
  echo "The tests expect a path of letters, digits and _./+@~- alone, but got" >&2
  echo "'$PWD'. tools/demo.sh runs here, too." >&2
  exit 1
fi

passed=0 failed=0 skipped=0
trap 'echo; echo "$passed passed, $failed failed, $skipped skipped"' EXIT

# part COUNT TEXT COMMAND... runs a step, and adds what COUNT makes of its log
# to the totals. A part that ran no test has failed.
part() {
  local count=$1 status=0 ran=$passed refused=$failed
  shift
  step "$@" || status=1
  "$count" $status
  if ((status == 0 && passed == ran && failed == refused)); then
    echo "$1 failed: it ran no test; its output: $log"
    status=1
  fi
  ((failed > refused || status == 0)) || failed=$((failed + 1))
  ((failed == refused)) || status=1
  return $status
}

# lit ends with lines such as "  Passed: 59 (98.33%)".
count_lit() {
  local name number
  while IFS=: read -r name number; do
    case $name in
    Passed*) passed=$((passed + number)) ;;
    # A failure that is expected shows nothing but that it is known.
    Unsupported* | Skipped* | "Expectedly Failed"*)
      skipped=$((skipped + number)) ;;
    Failed* | "Unexpectedly Passed"* | "Timed Out"* | Unresolved*)
      failed=$((failed + number)) ;;
    esac
  done < <(sed -nE 's/^  ([A-Z][A-Za-z ]*[a-z]) *: *([0-9]+) \(.*/\1:\2/p' "$log")
}
count_fuzz() {
  passed=$((passed + $(grep -c "^Done $fuzz_runs runs" "$log" || true)))
  failed=$((failed + $1))
}
count_one() {
  passed=$((passed + 1 - $1)) failed=$((failed + $1))
}

check_format() {
  find bench compiler dialect examples runtime test tools \
    '(' -name '*.cpp' -o -name '*.h' -o -name '*.c' ')' -print0 |
    xargs -0 clang-format-22 --dry-run --Werror --ferror-limit=1
}

fuzz_runs=50000

# Each begins with a valid file of its own.
fuzz() {
  local container
  for container in legacy pickle safetensors zip; do
    "$(find build-asan -name fuzz_$container -type f)" \
      -runs=$fuzz_runs -seed=1 -max_len=2048 -artifact_prefix=build/logs/ ||
      return 1
  done
}

demo() {
  tools/demo.sh && grep -q '^accuracy  238 of 256' <(build/demo/classify \
    examples/fashion/images_u8.bin examples/fashion/labels_u8.bin /dev/null)
}

tools/install.sh --tests
part count_one "clang-format" check_format

# Nobody debugs this build: without debug information it takes a quarter less.
configure dev -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -DNDEBUG"
step "build" ninja -C build
wheel=0
tools/wheel.sh || wheel=$?
if ((wheel == 3)); then
  echo "No wheel is made, and its test is skipped: it takes packages from PyPI."
elif ((wheel)); then
  failed=$((failed + 1))
  exit 1
fi
part count_lit "check-mobileone" ninja -C build check-mobileone
part count_lit "check-mobileone-integration" \
  ninja -C build check-mobileone-integration

configure asan -DMOBILEONE_BUILD_FUZZERS=ON
step "build with sanitizers" ninja -C build-asan mobileone-opt mobileone-run \
  UnitTests fuzz_legacy fuzz_pickle fuzz_safetensors fuzz_zip
# All IR is also printed and read again.
part count_lit "passes with sanitizers" \
  env MOBILEONE_VERIFY_ROUNDTRIP=1 /usr/lib/llvm-22/bin/lit -sv build-asan/test \
  --filter '\.mlir|random-networks|fuzz-ir|Object/(asm|llvm-ir)'
part count_lit "unit tests with sanitizers" \
  /usr/lib/llvm-22/bin/lit -sv build-asan/test/unit
part count_fuzz "fuzz the importer" fuzz

part count_one "demo" demo
