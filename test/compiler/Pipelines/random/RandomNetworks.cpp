// Compares random small networks with the reference interpreter, and shrinks
// one that differs:
//
//   RandomNetworks [--seed=N] [--count=N] [--isa=LEVEL] [--choices]
//                  [--wrong=WORD]
//
// Network number n of a seed is the same everywhere. Without --isa each runs at
// one of the levels that this CPU has. With --choices the plan and the
// schedules are not the compiler's own. With --wrong every network whose IR has
// the word is taken for one that differs, to see that it is found and shrunk.
//
//   RandomNetworks --target=TARGET --write=DIR ...
//
// writes objects for another machine instead, and what they are to compute, for
// run_networks.c.
#include "CompareWithInterpreter.h"
#include "RandomNetwork.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/PrettyStackTrace.h"

#include <fmt/format.h>

using namespace mobileone;

namespace {

/// How networks are compiled.
struct Options {
  const IsaLevel *level;
  bool choosesAtRandom;
  std::string wrong; // a word of those that are taken for wrong
};

} // namespace

/// How `network` is compiled; no text where it cannot be.
static Trial getTrial(const RandomNetwork &network, const Options &options) {
  // Some with hooks around each layer, some without fused layers.
  constexpr Instrument instruments[] = {Instrument::None, Instrument::None,
                                        Instrument::Layers,
                                        Instrument::Tensors};
  std::string text = network.toText();
  bool isWrong =
      !options.wrong.empty() && llvm::StringRef(text).contains(options.wrong);
  return {std::move(text),
          options.level,
          instruments[network.weightSeed % 4],
          network.weightSeed,
          options.choosesAtRandom,
          isWrong};
}

/// Says what is wrong; "" if nothing is.
static std::string check(const Trial &trial, unsigned &kernels) {
  if (trial.text.empty())
    return "";
  Compiled compiled;
  std::string message = compileTrial(trial, *findHostTarget(), "net", compiled);
  kernels += compiled.kernels;
  return message.empty() ? runCompiled(compiled) : message;
}

/// The words of a message before its first number.
static llvm::StringRef getKind(llvm::StringRef message) {
  return message.take_until(llvm::isDigit);
}

/// The smallest network found that differs in the same way, and how.
static std::pair<RandomNetwork, std::string>
shrink(RandomNetwork network, std::string message, const Options &options) {
  unsigned kernels = 0;
  for (bool isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const RandomNetwork &candidate : getSmaller(network))
      if (std::string other = check(getTrial(candidate, options), kernels);
          !other.empty() && getKind(other) == getKind(message)) {
        network = candidate;
        message = other;
        isSmaller = true;
        break;
      }
  }
  return {network, message};
}

/// Writes bytes of any type into `folder`; ends the process if it cannot.
template <typename T>
static void write(llvm::StringRef folder, const llvm::Twine &name,
                  llvm::ArrayRef<T> bytes) {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, name);
  std::error_code error;
  llvm::raw_fd_ostream os(path, error);
  os.write(reinterpret_cast<const char *>(bytes.data()),
           bytes.size() * sizeof(T));
  if (error || (os.close(), os.has_error())) {
    fmt::print(stderr, "{}: cannot be written\n", path.c_str());
    std::exit(EXIT_FAILURE);
  }
}

/// The levels of `target` that are asked for and, if they are to run here, that
/// this CPU has.
static llvm::SmallVector<const IsaLevel *>
getLevels(const Target &target, llvm::StringRef isa, bool runsHere) {
  llvm::SmallVector<const IsaLevel *> levels = target.getLevels();
  llvm::erase_if(levels, [&](const IsaLevel *level) {
    return (!isa.empty() && level->name != isa) ||
           (runsHere && !level->isOnHost());
  });
  return levels;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::opt<unsigned> seed("seed", llvm::cl::init(1));
  llvm::cl::opt<unsigned> first("first", llvm::cl::init(0),
                                llvm::cl::desc("Number of the first network"));
  llvm::cl::opt<unsigned> count("count", llvm::cl::init(100));
  llvm::cl::opt<std::string> isa("isa");
  llvm::cl::opt<bool> choices("choices");
  llvm::cl::opt<std::string> wrong("wrong");
  llvm::cl::opt<std::string> targetName("target");
  llvm::cl::opt<std::string> folder("write");
  llvm::cl::ParseCommandLineOptions(argc, argv);
  const Target *target = targetName.empty()
                             ? findHostTarget()
                             : findTarget(llvm::Triple(targetName));
  llvm::SmallVector<const IsaLevel *> levels;
  if (target)
    levels = getLevels(*target, isa, folder.empty());
  if (levels.empty()) {
    fmt::print(stderr, "expects a level that this CPU has, but got '{}'\n",
               isa.getValue());
    return EXIT_FAILURE;
  }

  unsigned kernels = 0;
  std::string list;
  for (unsigned n = first; n != first + count; ++n) {
    std::seed_seq numbers{seed.getValue(), n};
    std::mt19937 random(numbers);
    const IsaLevel &level = *levels[random() % levels.size()];
    RandomNetwork network = makeNetwork(random);
    std::string where = fmt::format("--seed={} --first={} --count=1 --isa={}{}",
                                    seed.getValue(), n, level.name.str(),
                                    choices ? " --choices" : "");
    llvm::PrettyStackTraceString trace(where.c_str());
    const Options options{&level, choices, wrong};
    Trial trial = getTrial(network, options);
    std::string message;
    if (folder.empty()) {
      message = check(trial, kernels);
    } else if (!trial.text.empty()) {
      Compiled compiled;
      std::string name = fmt::format("net{}", n);
      message = compileTrial(trial, *target, name, compiled);
      kernels += compiled.kernels;
      std::vector<float> expected;
      for (const std::vector<double> &output : compiled.expected)
        expected.insert(expected.end(), output.begin(), output.end());
      write<char>(folder, name + ".o", compiled.object);
      write<char>(folder, name + ".image", compiled.image);
      write<float>(folder, name + ".expected", expected);
      list += fmt::format("NETWORK({})\n", name);
    }
    if (message.empty())
      continue;
    fmt::print("{}\n{}\n", where, message);
    if (folder.empty()) {
      auto [small, how] = shrink(network, message, options);
      fmt::print("// shrunk: {}\n{}", how, small.toText());
    }
    return EXIT_FAILURE;
  }
  if (!folder.empty())
    write<char>(folder, "networks.def", list);
  fmt::print("{} networks of {} kernels {}\n", count.getValue(), kernels,
             folder.empty() ? "agree with the interpreter" : "are written");
}
