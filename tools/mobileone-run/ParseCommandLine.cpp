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

static ToolHelp describeTool(const CLI::App &app,
                             const Completions &completions) {
  ToolHelp tool;
  tool.name = "mobileone-run";
  tool.summary = "Runs an object that mobileone-opt made";
  tool.usage = {"MODEL.o --image FILE... | --eval FOLDER |",
                "    --verify CHECKPOINT | --bench | --profile FILE.html |",
                "    --input FILE.npy --output FILE.npy"};
  tool.input = Completion::ofFiles({".o"});
  tool.separator = ' ';
  for (const Task &task : getTasks()) {
    HelpGroup &group = tool.groups.emplace_back();
    group.title = task.title;
    group.example = task.example;
    for (const CLI::Option *option : app.get_options()) {
      if (option->get_group() != task.title)
        continue;
      HelpFlag &flag = group.flags.emplace_back();
      flag.names = {option->get_name()};
      flag.text = option->get_description();
      if (option->get_items_expected() > 0)
        flag.value = option->get_type_name();
      flag.isRepeated = option->get_items_expected_max() > 1;
      if (!option->get_default_str().empty())
        flag.text += fmt::format(" (default: {})", option->get_default_str());
      if (auto found = completions.find(option); found != completions.end())
        flag.completion = found->second;
    }
  }
  tool.groups.push_back(describeHelpFlags());
  return tool;
}

/// What no flag took, in words that have the names of all to choose from.
static std::string describeExtras(const CLI::App &app, const ToolHelp &tool) {
  std::vector<StringRef> names;
  for (const HelpGroup &group : tool.groups)
    for (const HelpFlag &flag : group.flags)
      names.push_back(StringRef(flag.names.front()).ltrim('-'));
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

/// What a flag does not take, in the words of this tool.
static std::string describeMismatch(const CLI::App &app, StringRef message) {
  const StringRef name =
      message.take_until([](char c) { return c == ':' || c == ' '; });
  const CLI::Option *option = app.get_option_no_throw(name.str());
  // Of a flag without its dashes.
  if (!option)
    option = app.get_option_no_throw("--" + name.str());
  if (!option)
    return message.str();
  if (message.contains("flag override"))
    return fmt::format("{} expects no value", option->get_name());
  if (message.ends_with("missing"))
    return fmt::format("{} expects {}, but got none", option->get_name(),
                       option->get_type_name());
  return fmt::format("{} expects to be given once, but got it {} times",
                     name.str(), option->count());
}

static void printError(const std::string &message) {
  print(stderr, "mobileone-run: error: {}\n", message);
}

/// What is not given stays what the object recommends.
static Error readNormalization(const NormalizationTexts &texts,
                               ImageOptions &options) {
  std::string remark;
  Expected<Normalization> parsed =
      parseNormalization(texts.mean, texts.std, /*least=*/3, remark);
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
  CLI::App app("", "mobileone-run");
  Options options;
  NormalizationTexts normalization;
  const ToolHelp tool =
      describeTool(app, addFlags(app, options, normalization));
  if (argc == 1) {
    print(stderr, "{}mobileone-run --help says more\n", formatUsage(tool));
    std::exit(ExitCommandLine);
  }
  const ArrayRef<const char *> arguments(argv, argc);
  for (size_t i = 1; i < arguments.size() && arguments[i] != StringRef("--");
       ++i) {
    auto answer = answerHelp(tool, arguments.drop_front(i));
    if (!answer) {
      printError(toString(answer.takeError()));
      std::exit(ExitCommandLine);
    }
    if (*answer) {
      print("{}", **answer);
      std::exit(ExitDone);
    }
  }
  try {
    // Last first, as CLI11 takes them.
    std::vector<std::string> words(arguments.rbegin(),
                                   std::prev(arguments.rend()));
    // It takes "[a,b]" for two values: no name of a file is one.
    for (std::string &word : words)
      if (StringRef(word).starts_with("[") && StringRef(word).ends_with("]"))
        word.insert(0, "./");
    app.parse(std::move(words));
  } catch (const CLI::CallForVersion &version) {
    print("{}", version.what());
    std::exit(ExitDone);
  } catch (const CLI::ExtrasError &) {
    printError(describeExtras(app, tool));
    std::exit(ExitCommandLine);
  } catch (const CLI::ArgumentMismatch &error) {
    printError(describeMismatch(app, error.what()));
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
