// The command line: help, version, and what is wrong with it.
#include "ParseCommandLine.h"
#include "Flags.h"

#include "compiler/Machine/Target.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;
using namespace mobileone;

Flags &mobileone::getFlags() {
  static Flags flags;
  return flags;
}

std::vector<std::string> mobileone::listTargets() {
  std::vector<std::string> names;
  for (const Target &target : getTargets())
    names.push_back(target.name.str());
  return names;
}

std::vector<std::string> mobileone::listLevels() {
  std::vector<std::string> names = {"native"};
  for (const IsaLevel &level : getIsaLevels())
    names.push_back(level.name.str());
  return names;
}

/// The names of all flags, sorted.
static llvm::SmallVector<llvm::StringRef> getFlagNames() {
  llvm::SmallVector<llvm::StringRef> names;
  for (llvm::StringRef name :
       llvm::make_first_range(cl::getRegisteredOptions()))
    names.push_back(name);
  llvm::sort(names);
  return names;
}

static HelpGroup describeGroup(const cl::OptionCategory &category) {
  HelpGroup group{
      category.getName().str(), category.getDescription().str(), {}};
  for (llvm::StringRef name : getFlagNames()) {
    cl::Option *flag = cl::getRegisteredOptions().lookup(name);
    if (!llvm::is_contained(flag->Categories, &category))
      continue;
    HelpFlag &help = group.flags.emplace_back();
    help.names = {(name.size() == 1 ? "-" : "--") + name.str()};
    help.value = flag->ValueStr.str();
    help.isOptional = !help.value.empty() &&
                      flag->getValueExpectedFlag() == cl::ValueOptional;
    help.text = flag->HelpStr.str();
    help.completion = getCompletions().lookup(flag);
    help.completion.isList = flag->getMiscFlags() & cl::CommaSeparated;
  }
  return group;
}

/// This project's passes and pipelines; every -opt tool has the others.
static HelpGroup describePasses() {
  HelpGroup group{"Passes, on IR and checkpoints, in the order that is given",
                  "mobileone-opt net.mlir --mobileone-reparameterize",
                  {}};
  for (llvm::StringRef name : getFlagNames()) {
    if (!name.contains("mobileone"))
      continue;
    const mlir::PassRegistryEntry *entry = mlir::PassInfo::lookup(name);
    if (!entry)
      entry = mlir::PassPipelineInfo::lookup(name);
    if (!entry)
      continue;
    HelpFlag &help = group.flags.emplace_back();
    help.names = {"--" + name.str()};
    help.text = entry->getPassDescription().str();
  }
  return group;
}

static ToolHelp describeTool() {
  const Flags &flags = getFlags();
  ToolHelp tool;
  tool.name = "mobileone-opt";
  tool.summary = "Compiles a trained MobileOne checkpoint to an object and a C "
                 "header";
  tool.usage = {"CHECKPOINT [flags] -o NAME.o",
                "FILE.mlir [passes] [--emit=KIND] [-o FILE]"};
  tool.description = "INPUT is known by its content; - is the standard input. "
                     "Without --emit and\nwithout a suffix of -o, IR goes "
                     "through the passes that are named.";
  std::vector<std::string> suffixes = getCheckpointSuffixes();
  suffixes.insert(suffixes.end(), {".mlir", ".mlirbc"});
  tool.input = Completion::ofFiles(suffixes);
  tool.separator = '=';
  for (const cl::OptionCategory *category :
       {&flags.network, &flags.object, &flags.files, &flags.inspection})
    tool.groups.push_back(describeGroup(*category));
  tool.groups.push_back(describePasses());
  HelpFlag all, targets;
  all.names = {"--help-all"};
  all.text = "All flags, those of MLIR and LLVM too";
  targets.names = {"--help-targets"};
  targets.text = "Targets, their levels, and this machine's";
  tool.groups.push_back(describeHelpFlags({all, targets}));
  return tool;
}

std::string mobileone::getUsage() { return formatUsage(describeTool()); }

/// LLVM's parser says it to the standard error, in words of its own.
static void refuseMissingValue(llvm::ArrayRef<const char *> arguments) {
  for (size_t i = 1; i < arguments.size(); ++i) {
    llvm::StringRef text = arguments[i];
    if (text == "--")
      return;
    if (!text.starts_with("-") || text.contains('='))
      continue;
    cl::Option *flag = cl::getRegisteredOptions().lookup(text.ltrim('-'));
    // Else the next word is the value, whatever it looks like.
    if (!flag || flag->getValueExpectedFlag() != cl::ValueRequired ||
        ++i < arguments.size())
      continue;
    (void)fail(text + " expects " +
               (flag->ValueStr.empty() ? "a value" : flag->ValueStr) +
               ", but got none");
    std::exit(ExitCommandLine);
  }
}

/// What LLVM's parser said of flags that it does not know, in words that have
/// the names of all of them to choose from.
static void printParseErrors(llvm::StringRef errors) {
  // Of equally near names, this tool's own.
  auto isForeign = [](llvm::StringRef name) {
    cl::Option *flag = cl::getRegisteredOptions().lookup(name);
    const Flags &flags = getFlags();
    return llvm::none_of(flag->Categories, [&](cl::OptionCategory *category) {
      return category == &flags.network || category == &flags.object ||
             category == &flags.files || category == &flags.inspection;
    });
  };
  llvm::SmallVector<llvm::StringRef> names = getFlagNames();
  llvm::sort(names, [&](llvm::StringRef left, llvm::StringRef right) {
    return std::pair(isForeign(left), left) <
           std::pair(isForeign(right), right);
  });
  for (llvm::StringRef line : llvm::split(errors.rtrim('\n'), '\n')) {
    llvm::StringRef rest = line;
    rest.consume_front("mobileone-opt: ");
    if (rest.starts_with("Did you mean "))
      continue;
    if (!rest.consume_front("Unknown command line argument '")) {
      (void)fail(rest);
      continue;
    }
    llvm::StringRef argument = rest.take_front(rest.find("'.  Try: '"));
    std::string nearest =
        findNearest(argument.ltrim('-').split('=').first, names);
    (void)fail(
        "unknown flag '" + argument + "'; " +
        (nearest.empty() ? "see --help" : "did you mean --" + nearest + "?"));
  }
}

Files mobileone::parseCommandLine(int argc, char **argv,
                                  mlir::DialectRegistry &registry) {
  obeyNoColor();
  Flags &flags = getFlags();
  std::string overview =
      mlir::registerCLIOptions("MobileOne compiler\n", registry);
  cl::SetVersionPrinter(
      [](llvm::raw_ostream &os) { os << formatVersion(formatTargets()); });

  llvm::SmallVector<const char *> arguments(argv, argv + argc);
  for (size_t i = 1; i < arguments.size(); ++i) {
    llvm::StringRef text = arguments[i];
    if (text == "--")
      break;
    if (text.starts_with("--help") || text == "-h" || text == "-help") {
      auto answer =
          answerHelp(describeTool(), llvm::ArrayRef(arguments).drop_front(i));
      if (!answer) {
        (void)fail(answer.takeError());
        std::exit(ExitCommandLine);
      }
      if (*answer) {
        llvm::outs() << **answer;
        std::exit(ExitDone);
      }
    }
    if (text == "--help-targets") {
      const Target *host = findHostTarget();
      const IsaLevel *level = findHostIsaLevel();
      llvm::outs() << "The targets and levels of objects\n"
                   << formatTargets() << "This machine\n  "
                   << (host ? host->name : "another") << ": "
                   << (level ? level->name : "none") << '\n';
      std::exit(ExitDone);
    }
    if (text == "--help-all")
      arguments[i] = "--help-hidden"; // LLVM's name of it
  }
  refuseMissingValue(arguments);
  std::string errors;
  llvm::raw_string_ostream os(errors);
  bool isParsed = cl::ParseCommandLineOptions(arguments.size(),
                                              arguments.data(), overview, &os);
  if (!errors.empty())
    printParseErrors(errors);
  if (flags.inputs.size() > 1) {
    (void)fail("expects one input file, but got '" +
               llvm::join(flags.inputs, "' and '") + "'");
    isParsed = false;
  }
  if (!isParsed)
    std::exit(ExitCommandLine);
  Files files;
  files.output = flags.o;
  if (!flags.inputs.empty())
    files.input = flags.inputs.front();
  return files;
}
