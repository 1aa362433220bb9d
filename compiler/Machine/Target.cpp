// The table of targets.
#include "compiler/Machine/Target.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/TargetParser/Host.h"

using namespace mobileone;

/// As -fcf-protection=full.
static constexpr CodeAttribute kControlFlow[] = {
    {"cf-protection-branch", "", CodeAttribute::Module},
    {"cf-protection-return", "", CodeAttribute::Module},
};

/// As -mbranch-protection=pac-ret+bti.
static constexpr CodeAttribute kBranchProtection[] = {
    {"branch-target-enforcement", "", CodeAttribute::Both},
    {"sign-return-address", "non-leaf", CodeAttribute::Both},
    {"sign-return-address-key", "a_key", CodeAttribute::Function},
};

/// By which debuggers and profilers walk the stack there.
static constexpr CodeAttribute kFramePointers[] = {
    {"frame-pointer", "non-leaf", CodeAttribute::Function},
};

/// Versions are what Apple's tools of today still build for, and the first of a
/// system on that processor.
static constexpr Target kTargets[] = {
    {"x86_64-linux-gnu", "", kControlFlow},
    {"x86_64-linux-musl", "", kControlFlow},
    {"x86_64-linux-android", "", kControlFlow},
    {"x86_64-apple-macos", "10.13", kFramePointers},
    {"x86_64-windows-gnu", "", {}},
    {"x86_64-windows-msvc", "", {}},
    {"aarch64-linux-gnu", "", kBranchProtection},
    {"aarch64-linux-musl", "", kBranchProtection},
    {"aarch64-linux-android", "", kBranchProtection},
    {"arm64-apple-macos", "11.0", kFramePointers},
    {"arm64-apple-ios", "12.0", kFramePointers},
    {"arm64-apple-ios-simulator", "14.0", kFramePointers},
    {"aarch64-windows-msvc", "", kFramePointers},
    {"wasm32", "", {}}, // of any system: what it calls is in the object
};

llvm::ArrayRef<Target> mobileone::getTargets() { return kTargets; }

const IsaLevel &mobileone::getDefaultLevel() {
  return *kTargets[0].getDefaultLevels(/*ofBytes=*/false).back();
}

llvm::Triple Target::getTriple() const {
  llvm::Triple triple(llvm::Triple::normalize(name));
  if (triple.isWasm())
    return llvm::Triple(name.str() + "-unknown-unknown");
  triple.setOSName(triple.getOSName().str() + version.str());
  return triple;
}

uint64_t Target::getPageBytes() const {
  const llvm::Triple triple = getTriple();
  return triple.isOSDarwin() && triple.isAArch64() ? 16384 : 4096;
}

const Processor &Target::getProcessor() const {
  return mobileone::getProcessor(getTriple().getArch());
}

llvm::SmallVector<const IsaLevel *> Target::getLevels() const {
  llvm::SmallVector<const IsaLevel *> levels;
  for (const IsaLevel &level : getIsaLevels())
    if (level.arch == getTriple().getArch())
      levels.push_back(&level);
  return levels;
}

llvm::SmallVector<const IsaLevel *>
Target::getDefaultLevels(bool ofBytes) const {
  llvm::SmallVector<const IsaLevel *> levels =
      llvm::filter_to_vector(getLevels(), [&](const IsaLevel *level) {
        return ofBytes || !level->isForBytes();
      });
  if (getProcessor().isVirtual)
    levels.truncate(1);
  return levels;
}

uint32_t Target::getLevelBits() const {
  uint32_t bits = 0;
  for (const IsaLevel *level : getLevels())
    bits |= 1u << level->number;
  return bits;
}

const Target *mobileone::findTarget(const llvm::Triple &triple) {
  const llvm::Triple wanted(triple.normalize());
  auto *target = llvm::find_if(kTargets, [&](const Target &target) {
    const llvm::Triple known = target.getTriple();
    if (known.isWasm())
      return known.getArch() == wanted.getArch();
    return known.getArch() == wanted.getArch() &&
           known.getSubArch() == wanted.getSubArch() &&
           (known.getOS() == wanted.getOS() ||
            (known.isMacOSX() && wanted.isMacOSX())) &&
           known.getEnvironment() == wanted.getEnvironment();
  });
  return target == std::end(kTargets) ? nullptr : target;
}

llvm::VersionTuple mobileone::getSystemVersion(const llvm::Triple &triple) {
  llvm::VersionTuple version = triple.getOSVersion();
  if (!version.empty() && triple.isMacOSX())
    triple.getMacOSXVersion(version);
  return version;
}

std::string mobileone::formatTargets() {
  std::string text;
  for (const Target &target : kTargets)
    text += "  " + target.name.str() + ": " +
            formatIsaLevels(target.getLevelBits()) + "\n";
  return text;
}

const Target *mobileone::findHostTarget() {
  return findTarget(llvm::Triple(llvm::sys::getProcessTriple()));
}
