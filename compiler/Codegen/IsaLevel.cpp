// The table of ISA levels and the host's place in it.
#include "compiler/Codegen/IsaLevel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

using namespace mobileone;

static constexpr IsaLevel kLevels[] = {
    // name, number, bits, registers, multiply-adds, loads, latency
    {"x86-64-v2", 2, 128, 16, 2, 2, 8},
    {"x86-64-v3", 3, 256, 16, 2, 2, 4},
    {"x86-64-v4", 4, 512, 32, 2, 2, 4},
};

llvm::ArrayRef<IsaLevel> mobileone::getIsaLevels() { return kLevels; }

const IsaLevel *mobileone::findIsaLevel(llvm::StringRef name) {
  auto *level =
      llvm::find_if(kLevels, [&](const IsaLevel &l) { return l.name == name; });
  return level == std::end(kLevels) ? nullptr : level;
}

const IsaLevel *mobileone::findHostIsaLevel() {
  // By features: a virtual machine's CPU name can claim what it lacks.
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  auto has = [&](std::initializer_list<llvm::StringRef> names) {
    return llvm::all_of(names,
                        [&](llvm::StringRef n) { return features.lookup(n); });
  };
  const IsaLevel *host = nullptr;
  if (has({"cx16", "popcnt", "sse3", "ssse3", "sse4.1", "sse4.2"}))
    host = &kLevels[0];
  if (host &&
      has({"avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"}))
    host = &kLevels[1];
  if (host == &kLevels[1] &&
      has({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}))
    host = &kLevels[2];
  return host;
}
