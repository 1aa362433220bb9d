// The page of man(1).
#include "tools/CommandLine/CommandLine.h"

#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

using namespace llvm;
using namespace mobileone;

/// Text as roff prints it: a dash that can be copied, and no line that begins
/// with a control character.
static std::string escape(StringRef text) {
  std::string escaped;
  for (char c : text) {
    if (c == '\\')
      escaped += "\\e";
    else if (c == '-')
      escaped += "\\-";
    else if (c == '\'')
      escaped += "\\(aq";
    else
      escaped += c;
  }
  return StringRef(escaped).starts_with(".") ? "\\&" + escaped : escaped;
}

/// One sentence or part of one a line, as roff sources have it.
static std::string formatText(StringRef text) {
  std::string lines;
  while (!text.empty()) {
    auto [line, rest] = text.split("; ");
    lines += escape(line) + (rest.empty() ? "\n" : ";\n");
    text = rest;
  }
  return lines;
}

static std::string formatNames(const HelpFlag &flag, char separator) {
  std::vector<std::string> names;
  for (const std::string &name : flag.names)
    names.push_back("\\fB" + escape(name) + "\\fR");
  std::string text = join(names, ", ");
  if (flag.value.empty())
    return text;
  const std::string value = "\\fI" + escape(flag.value) + "\\fR";
  if (flag.isOptional)
    return text + "[=" + value + "]";
  const bool isShort = flag.names.front().size() == 2;
  return text + (isShort ? ' ' : separator) + value;
}

std::string mobileone::formatManPage(const ToolHelp &tool) {
  std::string summary = tool.summary;
  summary[0] = toLower(summary[0]);
  const std::string other =
      tool.name == "mobileone-opt" ? "mobileone-run" : "mobileone-opt";
  std::string page =
      fmt::format(".\\\" Generated from the flags of {0}.\n"
                  ".TH {1} 1 {2} \"MobileOne compiler {3}\"\n"
                  ".SH NAME\n{4} \\- {5}\n"
                  ".SH SYNOPSIS\n.nf\n",
                  tool.name, StringRef(tool.name).upper(), MOBILEONE_DATE,
                  MOBILEONE_VERSION, escape(tool.name), escape(summary));
  for (const std::string &line : tool.usage)
    page += fmt::format("{}{}\n",
                        StringRef(line).starts_with(" ")
                            ? ""
                            : "\\fB" + escape(tool.name) + "\\fR ",
                        escape(line));
  page += ".fi\n.SH DESCRIPTION\n" +
          formatText(tool.description.empty() ? tool.summary + "."
                                              : tool.description) +
          ".SH OPTIONS\n";
  for (const HelpGroup &group : tool.groups) {
    page += ".SS " + escape(group.title) + "\n";
    if (!group.example.empty())
      page += ".EX\n$ " + escape(group.example) + "\n.EE\n";
    for (const HelpFlag &flag : group.flags)
      page += ".TP\n" + formatNames(flag, tool.separator) + "\n" +
              formatText(flag.text);
  }
  page += ".SH EXIT STATUS\n";
  for (const ExitStatus &status : getExitStatuses())
    page += fmt::format(".TP\n{}\n{}", static_cast<int>(status.code),
                        formatText(status.meaning));
  page += ".SH ENVIRONMENT\n"
          ".TP\nNO_COLOR\nIf it is not empty, errors have no colours.\n"
          ".TP\nTERM\nIf it is dumb, no line says how far a run is.\n"
          ".SH SEE ALSO\n";
  return page + "\\fB" + escape(other) + "\\fR(1)\n";
}
