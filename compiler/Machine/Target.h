// The systems that objects are made for.
#ifndef MOBILEONE_COMPILER_MACHINE_TARGET_H
#define MOBILEONE_COMPILER_MACHINE_TARGET_H

#include "compiler/Machine/IsaLevel.h"
#include "llvm/ADT/SmallVector.h"

namespace mobileone {

/// What a system wants all code of an object to say of itself, in LLVM IR.
struct CodeAttribute {
  /// Functions have it as an attribute, a module as a flag, which becomes a
  /// note.
  enum Place { Function, Module, Both };
  llvm::StringRef name, value;
  Place place;
};

/// A processor and an operating system's conventions.
struct Target {
  /// As in --target: a triple, without its vendor where that says nothing.
  llvm::StringRef name;
  /// The oldest system that its objects are for, where objects say that.
  llvm::StringRef version;
  llvm::ArrayRef<CodeAttribute> attributes;

  /// With the version.
  llvm::Triple getTriple() const;
  /// Of a page of memory, where systems have several sizes the least.
  uint64_t getPageBytes() const;
  const Processor &getProcessor() const;
  /// The levels that its CPUs may have, lowest first.
  llvm::SmallVector<const IsaLevel *> getLevels() const;
  /// Those of an object for which none is named: all that the network, of bytes
  /// or of floats, gains by, or the lowest where an object has one.
  llvm::SmallVector<const IsaLevel *> getDefaultLevels(bool ofBytes) const;
  /// Their numbers as bits.
  uint32_t getLevelBits() const;
};

llvm::ArrayRef<Target> getTargets();

/// What passes choose for where no level is named: the highest one of the first
/// target.
const IsaLevel &getDefaultLevel();

/// The target that `triple` names, with or without a vendor and whatever
/// version, or null. `darwin` with a version of its own is macOS. WebAssembly
/// is one target, of whatever system.
const Target *findTarget(const llvm::Triple &triple);

/// The version of the system that `triple` names; 0 where it names none.
llvm::VersionTuple getSystemVersion(const llvm::Triple &triple);

/// A line for each target with the levels of its CPUs.
std::string formatTargets();

/// What this process runs on; null if it is none of them.
const Target *findHostTarget();

} // namespace mobileone

#endif // MOBILEONE_COMPILER_MACHINE_TARGET_H
