#!/usr/bin/env bash
# Runs a command in a clone of this repository on a bare Debian 12, where nobody
# has installed anything:
#
#   tools/bare-root.sh tools/check.sh
#   tools/bare-root.sh --suite=trixie tools/try-wheel.sh   # in a Debian 13
#
# Needs root, and takes this machine's Debian package sources. The clone has the
# path that the repository has here, and writes its logs here; it has the wheels of
# build/wheels. The root folder is in ${TMPDIR:-/var/tmp}, and is removed at the
# end; its mounts belong to a namespace that ends with the command.
set -euo pipefail
source "$(dirname "$0")/steps.sh"

fail() {
  echo "$0: $*" >&2
  exit 1
}
suite=bookworm
if [[ ${1:-} == --suite=* ]]; then
  suite=${1#--suite=}
  shift
fi
(($#)) || fail "expects a command, such as tools/check.sh"
[[ $(id -u) == 0 ]] || fail "expects to be run by root, who may mount and chroot"
for tool in apt-get git unshare; do
  command -v $tool >/dev/null || fail "expects $tool on this machine"
done
sources=$(apt-get indextargets 'Created-By: Packages' \
  --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' |
  grep -E ' bookworm(-updates|-security)? main$' | sort -u) &&
  mirror=$(awk '$3 == "bookworm" {print $2; exit}' <<<"$sources") &&
  [[ $mirror ]] || fail "expects bookworm main among this machine's package sources"
sources=${sources//bookworm/$suite}

install_debootstrap() {
  local install=(apt-get install --yes --no-install-recommends debootstrap)
  "${install[@]}" || { apt-get update && "${install[@]}"; }
}
command -v debootstrap >/dev/null ||
  step "install debootstrap" install_debootstrap

project=$(pwd -P)
root=$(mktemp -d "${TMPDIR:-/var/tmp}/mobileone-root.XXXXXX")
unshare=
finish() {
  # The first process of the namespace; it takes all others along.
  [[ -z $unshare ]] || kill -KILL \
    $(cat "/proc/$unshare/task/$unshare/children") 2>/dev/null || true
  wait
  rm -rf --one-file-system "$root"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A step that fails ends here: bash ignores -e in a function called so.
make_root() {
  chmod 755 "$root" &&
    debootstrap --variant=minbase "$suite" "$root" "$mirror" || return 1
  echo "$sources" >"$root/etc/apt/sources.list"
  apt-config dump Acquire >"$root/etc/apt/apt.conf.d/90acquire"
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  # For sources behind https, until ca-certificates is installed.
  if [[ -f /etc/ssl/certs/ca-certificates.crt ]]; then
    mkdir -p "$root/etc/ssl/certs"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  fi
  # Those of this machine alone, for when it is.
  if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
    mkdir -p "$root/usr/local/share/ca-certificates"
    cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
  fi
  git -c safe.directory='*' clone "$project" "$root$project" || return 1
  mkdir -p "$root$project/build/logs"
  [[ ! -d build/wheels ]] || cp -r build/wheels "$root$project/build/"
}
step "make a bare Debian, $suite" make_root

# In namespaces of its own. The data that is not part of the repository cannot be
# written.
run_inside() {
  local folder
  mount -t proc proc "$root/proc"
  for folder in /dev /sys; do
    mount --rbind "$folder" "$root$folder"
  done
  mount --bind "$project/build/logs" "$root$project/build/logs"
  if [[ -d $project/../shared ]]; then
    mkdir -p "$root$project/../shared"
    mount --bind -o ro "$project/../shared" "$root$project/../shared"
  fi
  exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    TERM="${TERM:-dumb}" chroot "$root" \
    bash -c 'cd "$1" && shift && exec "$@"' bash "$project" "$@"
}
export -f run_inside
export root project
unshare --mount --pid --fork --kill-child bash -ec 'run_inside "$@"' bash "$@" &
unshare=$!
status=0
wait "$unshare" || status=$?
unshare=
exit $status
