#!/usr/bin/env bash
# Installs the wheel of build/wheels as a user would, into an environment of its own,
# and has it compile, run and check the example: within a minute. On a bare Debian
# (tools/bare-root.sh) nothing of LLVM or a C compiler is there to help.
set -euo pipefail
source "$(dirname "$0")/steps.sh"

install_python() {
  local packages=(python3 python3-venv ca-certificates)
  dpkg-query -W "${packages[@]}" && return
  export DEBIAN_FRONTEND=noninteractive
  apt-get update && apt-get install --yes --no-install-recommends "${packages[@]}"
}
install_wheel() {
  rm -rf build/try-wheel && python3 -m venv build/try-wheel &&
    build/try-wheel/bin/pip install build/wheels/*.whl
}
classify() {
  build/try-wheel/bin/python examples/python/fashion.py examples/fashion
}

wheels=(build/wheels/*.whl)
[[ -f ${wheels[0]} ]] || { echo "expects a wheel: tools/wheel.sh" >&2; exit 1; }
step "install python3-venv" install_python
start=$SECONDS
step "pip install $(basename "${wheels[0]}")" install_wheel
step "compile and classify 256 images" classify
seconds=$((SECONDS - start))
cat "$log"
grep -q '^238 of 256 right' "$log"
echo "$(. /etc/os-release && echo "$PRETTY_NAME"), $(python3 --version), glibc $(getconf GNU_LIBC_VERSION | cut -d' ' -f2): $seconds s from pip install to the checked result"
((seconds < 60)) || { echo "expects less than 60 s" >&2; exit 1; }
