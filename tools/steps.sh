# Sourced by the scripts of this folder: steps that are quiet while all is well.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8
mkdir -p build/logs

# step TEXT COMMAND... runs the command with its output in $log. Prints one line
# with the seconds it took; on a terminal also where the command is. If it
# fails, shows the end of the log and returns 1.
step() {
  local text=$1 start=$SECONDS status=0
  shift
  log="$PWD/build/logs/${text//[^a-z0-9]/-}.log"
  printf '%-36s' "$text"
  if [[ -t 1 ]]; then
    "$@" >"$log" 2>&1 </dev/null &
    local pid=$!
    trap 'kill "$pid" 2>/dev/null; echo; exit 130' INT TERM
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r\e[K%-36s%s' "$text" "$(tail -c 200 "$log" | tr '\r' '\n' | tail -n 1 | cut -c1-42)"
      sleep 0.5
    done
    wait "$pid" || status=$?
    trap - INT TERM
    printf '\r\e[K%-36s' "$text"
  else
    "$@" >"$log" 2>&1 </dev/null || status=$?
  fi
  if ((status)); then
    printf 'FAILED\n'
    tail -n 60 "$log" | sed 's/^/  | /'
    echo "$text failed (exit status $status); all of its output: $log"
    return 1
  fi
  printf '%4d s\n' $((SECONDS - start))
}

# configure PRESET [OPTION...] once; afterwards ninja does it where needed.
configure() {
  local folder=build
  [[ $1 == dev ]] || folder=build-$1
  [[ -f $folder/build.ninja ]] || step "configure $1" cmake --preset "$@"
}

# A compiler cache is used where there is one, and not needed.
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
