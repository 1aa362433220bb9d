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

llvm::StringRef mobileone::getUsage() {
  return "usage: mobileone-opt CHECKPOINT [flags] -o NAME.o\n"
         "       mobileone-opt FILE.mlir [passes] [--emit=KIND] [-o FILE]\n";
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
    std::string text = (name.size() == 1 ? "-" : "--") + name.str();
    if (!flag->ValueStr.empty()) {
      bool isOptional = flag->getValueExpectedFlag() == cl::ValueOptional;
      text += (isOptional         ? "[="
               : name.size() == 1 ? " "
                                  : "=") +
              flag->ValueStr.str() + (isOptional ? "]" : "");
    }
    group.flags.push_back({text, flag->HelpStr.str()});
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
    if (entry)
      group.flags.push_back(
          {"--" + name.str(), entry->getPassDescription().str()});
  }
  return group;
}

static std::string describeTool() {
  const Flags &flags = getFlags();
  std::vector<HelpGroup> groups;
  for (const cl::OptionCategory *category :
       {&flags.network, &flags.object, &flags.files, &flags.inspection})
    groups.push_back(describeGroup(*category));
  groups.push_back(describePasses());
  groups.push_back({"Help",
                    "",
                    {{"--help, -h", "This text"},
                     {"--help-all", "All flags, those of MLIR and LLVM too"},
                     {"--help-targets", "Targets, their levels, and this "
                                        "machine's"},
                     {"--version", "Versions of the compiler and of LLVM"}}});
  return formatHelp(
      "MobileOne compiler: a trained checkpoint to an object and a C header\n" +
          getUsage().str() +
          "INPUT is known by its content; - is the standard input. Without "
          "--emit and\nwithout a suffix of -o, IR goes through the passes that "
          "are named.\n",
      groups);
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
  for (const char *&argument : llvm::drop_begin(arguments)) {
    llvm::StringRef text = argument;
    if (text == "--")
      break;
    if (text == "--help" || text == "-help" || text == "-h") {
      llvm::outs() << describeTool();
      std::exit(ExitDone);
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
      argument = "--help-hidden"; // LLVM's name of it
  }
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
