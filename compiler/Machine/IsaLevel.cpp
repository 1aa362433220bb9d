// The tables of ISA levels and the host's place in them.
#include "compiler/Machine/IsaLevel.h"

#include "compiler/Machine/FindLevel.h"
#include "llvm/ADT/STLExtras.h"

using namespace mobileone;

static constexpr IsaLevel kLevels[] = {
#define MOBILEONE_LEVEL(id, name, suffix, cpu, features, bits, registers,      \
                        multiplyAdds, loads, latency, lanes, elements, folds,  \
                        bytes, ...)                                            \
  {MOBILEONE_ARCH,                                                             \
   name,                                                                       \
   suffix,                                                                     \
   cpu,                                                                        \
   features,                                                                   \
   MOBILEONE_ISA_##id,                                                         \
   bits,                                                                       \
   registers,                                                                  \
   loads,                                                                      \
   lanes,                                                                      \
   makeMultiplyAdd(Element::F32, bits, multiplyAdds, latency, elements,        \
                   folds),                                                     \
   ByteProducts::bytes,                                                        \
   makeByteProduct(ByteProducts::bytes, bits, multiplyAdds)},
#define MOBILEONE_ARCH llvm::Triple::x86_64
#include "compiler/Machine/X86_64.def"
#undef MOBILEONE_ARCH
#define MOBILEONE_ARCH llvm::Triple::aarch64
#include "compiler/Machine/AArch64.def"
#undef MOBILEONE_ARCH
#define MOBILEONE_ARCH llvm::Triple::wasm32
#include "compiler/Machine/Wasm32.def"
};

bool IsaLevel::isOnHost() const {
  const IsaLevel *host = findHostIsaLevel();
  return host && arch == host->arch && number <= host->number;
}

llvm::ArrayRef<IsaLevel> mobileone::getIsaLevels() { return kLevels; }

template <typename Predicate>
static const IsaLevel *findLevel(Predicate predicate) {
  auto *level = llvm::find_if(kLevels, predicate);
  return level == std::end(kLevels) ? nullptr : level;
}

const IsaLevel *mobileone::findIsaLevel(llvm::StringRef name) {
  return findLevel([&](const IsaLevel &level) { return level.name == name; });
}

const IsaLevel *mobileone::findIsaLevel(unsigned number) {
  return findLevel(
      [&](const IsaLevel &level) { return level.number == number; });
}

const IsaLevel *mobileone::findHostIsaLevel() {
  return findIsaLevel(find_host_level());
}

std::string mobileone::formatIsaLevels(uint32_t numbers) {
  std::string names;
  for (const IsaLevel &level : kLevels)
    if (numbers >> level.number & 1)
      names += (names.empty() ? "" : ", ") + level.name.str();
  return names;
}
