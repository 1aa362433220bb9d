// The ISA levels that code is generated for, in one table.
#ifndef MOBILEONE_COMPILER_CODEGEN_ISALEVEL_H
#define MOBILEONE_COMPILER_CODEGEN_ISALEVEL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace mobileone {

/// A level of the x86-64 psABI and what the schedule must know of a core that
/// has it.
struct IsaLevel {
  llvm::StringRef name;  // as in --isa, and LLVM's CPU name
  unsigned number;       // mobileone_isa_level in runtime/mobileone.h
  unsigned vectorBits;   // of one register
  unsigned registers;    // vector registers
  unsigned multiplyAdds; // vector multiply-adds that start in one cycle
  unsigned loads;        // vector loads that start in one cycle
  unsigned latency;      // of a multiply-add, in cycles
};

/// All levels, lowest first.
llvm::ArrayRef<IsaLevel> getIsaLevels();

/// The level called `name`, or null.
const IsaLevel *findIsaLevel(llvm::StringRef name);

/// The highest level whose instructions this CPU has, by CPUID; null where it
/// lacks the lowest.
const IsaLevel *findHostIsaLevel();

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_ISALEVEL_H
