// Completion by bash, without the functions of the bash-completion package.
#include "tools/CommandLine/Completion.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <fmt/format.h>

using namespace llvm;
using namespace mobileone;

/// Replies; `$flag` is what the word `$current` belongs to, empty for an input.
/// bash takes "--isa=native" for three words.
static constexpr StringLiteral kScript =
    R"__(# Generated from the flags of {name}.
{function}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} flag= done= word
  local i=$((COMP_CWORD - 1)) suffix
  COMPREPLY=()
  if [[ $current == = ]]; then
    flag=${{COMP_WORDS[i]}} current=
  elif [[ ${{COMP_WORDS[i]}} == = ]]; then
    flag=${{COMP_WORDS[i - 1]}}
  elif [[ $current == --*=* ]]; then
    flag=${{current%%=*}} done=$flag= current=${{current#*=}}
  elif [[ $current == -* ]]; then
    flag=-
  elif [[ ${{COMP_WORDS[i]}} == -* && " {after} " == *" ${{COMP_WORDS[i]}} "* ]]; then
    flag=${{COMP_WORDS[i]}}
  else
    while ((i > 0)) && [[ ${{COMP_WORDS[i]}} != -* ]]; do ((i--)); done
    if ((i > 0)) && [[ " {repeated} " == *" ${{COMP_WORDS[i]}} "* ]]; then
      flag=${{COMP_WORDS[i]}}
    fi
  fi
  local words= files=no suffixes= list=no
  case $flag in
  -) words="{flags}" ;;
{cases}  esac
  if [[ $list == yes && $current == *,* ]]; then
    done+=${{current%,*}},
    current=${{current##*,}}
  fi
  while IFS= read -r word; do
    COMPREPLY+=("$done$word")
  done < <(compgen -W "$words" -- "$current")
  if [[ $files == folders ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do
      COMPREPLY+=("$done$word")
    done < <(compgen -d -- "$current")
  elif [[ $files == yes ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do
      if [[ -z $suffixes || -d $word ]]; then
        COMPREPLY+=("$done$word")
        continue
      fi
      for suffix in $suffixes; do
        [[ $word == *"$suffix" ]] && COMPREPLY+=("$done$word") && break
      done
    done < <(compgen -f -- "$current")
  fi
  if [[ ${{#COMPREPLY[@]}} == 1 && ${{COMPREPLY[0]}} == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
}}
complete -F {function} {name}
)__";

static std::string formatCase(StringRef pattern, const Completion &completion) {
  std::string settings;
  if (!completion.words.empty())
    settings += fmt::format(" words=\"{}\"", join(completion.words, " "));
  if (completion.kind == Completion::Files)
    settings += " files=yes";
  if (completion.kind == Completion::Folders)
    settings += " files=folders";
  if (!completion.suffixes.empty())
    settings += fmt::format(" suffixes=\"{}\"", join(completion.suffixes, " "));
  if (completion.isList)
    settings += " list=yes";
  return fmt::format("  {}){} ;;\n", pattern.str(),
                     settings.empty() ? " :" : settings);
}

/// "_mobileone_opt".
static std::string makeFunctionName(StringRef tool) {
  std::string name = "_" + tool.str();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string mobileone::formatBashCompletion(const ToolHelp &tool) {
  std::vector<std::string> flags, after, repeated;
  std::string cases;
  for (const HelpGroup &group : tool.groups)
    for (const HelpFlag &flag : group.flags) {
      for (const std::string &name : flag.names) {
        const bool isAssigned = !flag.value.empty() && !flag.isOptional &&
                                tool.separator == '=' && name.size() > 2;
        flags.push_back(name + (isAssigned ? "=" : ""));
        if (!flag.value.empty() && !flag.isOptional)
          after.push_back(name);
        if (flag.isRepeated)
          repeated.push_back(name);
      }
      if (!flag.value.empty())
        cases += formatCase(join(flag.names, "|"), flag.completion);
    }
  cases += formatCase("''", tool.input);
  return fmt::format(
      kScript.str(), fmt::arg("name", tool.name),
      fmt::arg("function", makeFunctionName(tool.name)),
      fmt::arg("flags", join(flags, " ")), fmt::arg("after", join(after, " ")),
      fmt::arg("repeated", join(repeated, " ")), fmt::arg("cases", cases));
}
