// The command line of mobileone-run: help, and what is wrong with it.
#include "Flags.h"

#include "compiler/Import/Normalization.h"
#include "tools/CommandLine/CommandLine.h"
#include "tools/Output/Print.h"
#include "llvm/ADT/STLExtras.h"

#include <cstdio>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

constexpr StringLiteral usage =
    "usage: mobileone-run MODEL.o --image FILE... | --eval FOLDER |\n"
    "           --verify CHECKPOINT | --bench | --profile FILE.html |\n"
    "           --input FILE.npy --output FILE.npy\n";

static std::string describeTool(const CLI::App &app) {
  std::vector<HelpGroup> groups;
  for (const Task &task : getTasks()) {
    HelpGroup &group = groups.emplace_back();
    group.title = task.title;
    group.example = task.example;
    for (const CLI::Option *option : app.get_options()) {
      if (option->get_group() != task.title)
        continue;
      // All names, "--help,-h".
      std::string name = option->get_name(/*positional=*/false,
                                          /*all_options=*/true);
      std::string text = option->get_description();
      if (!option->get_type_name().empty() && option->get_items_expected() > 0)
        name += " " + option->get_type_name();
      if (!option->get_default_str().empty())
        text += fmt::format(" (default: {})", option->get_default_str());
      group.flags.push_back({name, text});
    }
  }
  return formatHelp("Runs an object that mobileone-opt made.\n" + usage.str(),
                    groups);
}

/// What no flag took, in words that have the names of all to choose from.
static std::string describeExtras(const CLI::App &app) {
  std::vector<StringRef> names;
  for (const CLI::Option *option : app.get_options())
    for (const std::string &name : option->get_lnames())
      names.push_back(name);
  const std::vector<std::string> extras = app.remaining();
  for (const std::string &argument : extras)
    if (StringRef(argument).starts_with("-")) {
      const std::string nearest =
          findNearest(StringRef(argument).ltrim('-').split('=').first, names);
      return fmt::format("unknown flag '{}'; {}", argument,
                         nearest.empty()
                             ? "see --help"
                             : fmt::format("did you mean --{}?", nearest));
    }
  return fmt::format("expects one MODEL.o, but got '{}', too", extras.front());
}

static void printError(const std::string &message) {
  print(stderr, "mobileone-run: error: {}\n", message);
}

/// What is not given stays what the object recommends.
static Error readNormalization(const NormalizationTexts &texts,
                               ImageOptions &options) {
  std::string remark;
  Expected<Normalization> parsed =
      parseNormalization(texts.mean, texts.std, remark);
  if (!parsed)
    return parsed.takeError();
  if (!remark.empty())
    print(stderr, "mobileone-run: remark: {}\n", remark);
  if (texts.mean)
    copy(parsed->mean, options.mean.emplace().begin());
  if (texts.std)
    copy(parsed->std, options.std.emplace().begin());
  return Error::success();
}

Options parseCommandLine(int argc, char **argv) {
  if (argc == 1) {
    print(stderr, "{}mobileone-run --help says more\n", usage.str());
    std::exit(ExitCommandLine);
  }
  CLI::App app("", "mobileone-run");
  Options options;
  NormalizationTexts normalization;
  addFlags(app, options, normalization);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp &) {
    print("{}", describeTool(app));
    std::exit(ExitDone);
  } catch (const CLI::CallForVersion &version) {
    print("{}", version.what());
    std::exit(ExitDone);
  } catch (const CLI::ExtrasError &) {
    printError(describeExtras(app));
    std::exit(ExitCommandLine);
  } catch (const CLI::ParseError &error) {
    printError(error.what());
    std::exit(ExitCommandLine);
  }
  if (Error error = readNormalization(normalization, options.preparation)) {
    printError(toString(std::move(error)));
    std::exit(ExitCommandLine);
  }
  return options;
}

} // namespace mobileone::run
