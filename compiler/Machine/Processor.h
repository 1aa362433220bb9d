// The processors that code is generated for: Processors.def.
#ifndef MOBILEONE_COMPILER_MACHINE_PROCESSOR_H
#define MOBILEONE_COMPILER_MACHINE_PROCESSOR_H

#include "llvm/ADT/StringRef.h"
#include "llvm/TargetParser/Triple.h"

namespace mobileone {

/// An instruction set, of whatever system.
struct Processor {
  llvm::Triple::ArchType arch;
  /// LLVM's CPU for what runs before the level is known.
  llvm::StringRef baseCpu;
  /// An engine's: it checks code before it runs, so an object has one level,
  /// and there are no modes of rounding and of denormal numbers.
  bool isVirtual;
};

/// The processor of this name, which must be one of the table.
const Processor &getProcessor(llvm::Triple::ArchType arch);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_MACHINE_PROCESSOR_H
