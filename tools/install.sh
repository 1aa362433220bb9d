#!/usr/bin/env bash
# Installs what building MobileOne needs on Debian 12; with --tests also what
# testing needs. The only list of packages. Does nothing if all are there.
set -euo pipefail
source "$(dirname "$0")/steps.sh"

packages=(
  llvm-22-dev libmlir-22-dev mlir-22-tools llvm-22-tools # compiler libraries
  liblld-22-dev libpolly-22-dev # the linker as a library; LLVM's CMake files ask for Polly
  libzstd-dev                                            # LLVM's CMake files ask for it
  clang-22 lld-22 cmake ninja-build                      # to build with
  libeigen3-dev                                          # the quantizer's matrices
  libfmt-dev libgtest-dev                                # every configuration
  libcli11-dev libjpeg62-turbo-dev libpng-dev            # mobileone-run
)
if [[ ${1:-} == --tests ]]; then
  packages+=(
    binutils mold musl-tools # linkers, and another C library
    clang-format-22       # the format of the sources
    cargo golang-go nodejs openjdk-17-jdk-headless # languages of examples/
    dpkg-dev file         # the .deb
    fish zsh              # completion of flags
    g++                   # another compiler of runtime/ and headers
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross # objects for 64-bit Arm
    gcc-mingw-w64-x86-64-win32 wine64 # objects for Windows
    libclang-rt-22-dev    # sanitizers, libFuzzer
    libclang-rt-22-dev-wasm32 wasi-libc # C programs for WebAssembly
    libjpeg-turbo-progs   # another way to decode photographs
    libomp-22-dev         # runtime/openmp_run.c
    libpthreadpool-dev    # runtime/pthreadpool_run.cpp
    libturbojpeg0-dev     # examples/search
    mandoc                # manual pages
    make pkg-config       # projects that are not built with Ninja or CMake
    python3 python3-numpy # lit, integration tests
    python3-venv          # the Python wheel
    qemu-user             # other CPUs
  )
  # Packages of Node from elsewhere hold its headers, too, and conflict with Debian's.
  [[ -e /usr/include/node/node_api.h ]] || packages+=(libnode-dev)
fi

if ! command -v dpkg-query apt-get >/dev/null; then
  echo "This is not Debian. The build needs what these packages have:"
  echo "  ${packages[*]}"
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == *" installed" ]] ||
    missing+=("$package")
done
[[ ${#missing[@]} == 0 ]] && exit 0

as_root=()
if [[ $(id -u) != 0 ]]; then
  as_root=(sudo)
  if ! command -v sudo >/dev/null ||
    ! { sudo -n true 2>/dev/null || sudo -v -p "Password of %p to install packages: "; }; then
    echo "Please install as root, then run this again: apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

install_missing() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install \
    --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}"
}
# The list of what exists may be absent or old.
update_and_install() {
  install_missing || { "${as_root[@]}" apt-get update && install_missing; }
}
if ! step "install ${#missing[@]} packages" update_and_install; then
  apt-cache show llvm-22-dev >/dev/null 2>&1 ||
    echo "No package source of this machine has LLVM 22. Debian 12's bookworm-security does." >&2
  exit 1
fi
