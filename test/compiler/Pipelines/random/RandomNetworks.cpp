// Compares random small networks with the reference interpreter, and shrinks
// one that differs:
//
//   RandomNetworks [--seed=N] [--count=N] [--isa=LEVEL]
//
// Network number n of a seed is the same everywhere. Without --isa each runs at
// one of the levels that this CPU has.
#include "CompareWithInterpreter.h"
#include "RandomNetwork.h"

#include "compiler/Pipelines/Dialects.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/PrettyStackTrace.h"

#include <fmt/format.h>

using namespace mobileone;

static std::string check(const RandomNetwork &network, const IsaLevel &level) {
  std::string text = network.toText();
  if (text.empty())
    return "";
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  // Some with hooks around each layer, some without fused layers.
  constexpr Instrument instruments[] = {Instrument::None, Instrument::None,
                                        Instrument::Layers,
                                        Instrument::Tensors};
  return compareWithInterpreter(context, text, level,
                                instruments[network.weightSeed % 4],
                                network.weightSeed);
}

/// The smallest network found that differs, and how.
static std::pair<RandomNetwork, std::string>
shrink(RandomNetwork network, std::string message, const IsaLevel &level) {
  for (bool isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const RandomNetwork &candidate : getSmaller(network))
      if (std::string other = check(candidate, level); !other.empty()) {
        network = candidate;
        message = other;
        isSmaller = true;
        break;
      }
  }
  return {network, message};
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::opt<unsigned> seed("seed", llvm::cl::init(1));
  llvm::cl::opt<unsigned> first("first", llvm::cl::init(0),
                                llvm::cl::desc("Number of the first network"));
  llvm::cl::opt<unsigned> count("count", llvm::cl::init(100));
  llvm::cl::opt<std::string> isa("isa");
  llvm::cl::ParseCommandLineOptions(argc, argv);
  const IsaLevel *host = findHostIsaLevel();
  llvm::SmallVector<const IsaLevel *> levels;
  for (const IsaLevel &level : getIsaLevels())
    if (host && level.number <= host->number &&
        (isa.empty() || level.name == isa))
      levels.push_back(&level);
  if (levels.empty()) {
    fmt::print(stderr, "expects a level that this CPU has, but got '{}'\n",
               isa.getValue());
    return EXIT_FAILURE;
  }

  for (unsigned n = first; n != first + count; ++n) {
    std::seed_seq numbers{seed.getValue(), n};
    std::mt19937 random(numbers);
    const IsaLevel &level = *levels[random() % levels.size()];
    RandomNetwork network = makeNetwork(random);
    std::string where = fmt::format("--seed={} --first={} --count=1 --isa={}",
                                    seed.getValue(), n, level.name.str());
    llvm::PrettyStackTraceString trace(where.c_str());
    std::string message = check(network, level);
    if (message.empty())
      continue;
    auto [small, how] = shrink(network, message, level);
    fmt::print("{}\n{}\n// shrunk: {}\n{}", where, message, how,
               small.toText());
    return EXIT_FAILURE;
  }
  fmt::print("{} networks agree with the interpreter\n", count.getValue());
}
