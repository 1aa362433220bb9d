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

static std::string formatBold(StringRef text) {
  return "\\fB" + escape(text) + "\\fR";
}

static std::string formatItalic(StringRef text) {
  return "\\fI" + escape(text) + "\\fR";
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
    page += fmt::format(
        "{}{}\n",
        StringRef(line).starts_with(" ") ? "" : formatBold(tool.name) + " ",
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
      page += ".TP\n" +
              formatNames(flag, tool.separator, formatBold, formatItalic) +
              "\n" + formatText(flag.text);
  }
  page += ".SH EXIT STATUS\n";
  for (const ExitStatus &status : getExitStatuses())
    page += fmt::format(".TP\n{}\n{}", static_cast<int>(status.code),
                        formatText(status.meaning));
  page += ".SH ENVIRONMENT\n"
          ".TP\nNO_COLOR\nIf it is not empty, errors have no colours.\n"
          ".TP\nTERM\nIf it is dumb, no line says how far a run is.\n"
          ".SH SEE ALSO\n";
  return page + formatBold(other) + "(1)\n";
}
