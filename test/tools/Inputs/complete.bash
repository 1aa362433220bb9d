# What bash offers at the end of a command line, a word a line.
#
# usage: complete.bash SCRIPT FUNCTION WORD... (the last one is completed)
#
# Words are split as readline does it: "=" is one of its own.
source "$1"
function=$2
shift 2
COMP_WORDS=()
for word in "$@"; do
  if [[ $word == --*=* ]]; then
    COMP_WORDS+=("${word%%=*}" =)
    [[ -n ${word#*=} ]] && COMP_WORDS+=("${word#*=}")
  else
    COMP_WORDS+=("$word")
  fi
done
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
"$function"
printf '%s\n' "${COMPREPLY[@]}" | sort
