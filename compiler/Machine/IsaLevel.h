// The ISA levels that code is generated for: X86_64.def, AArch64.def,
// Wasm32.def.
#ifndef MOBILEONE_COMPILER_MACHINE_ISALEVEL_H
#define MOBILEONE_COMPILER_MACHINE_ISALEVEL_H

#include "compiler/Machine/Processor.h"
#include "compiler/Machine/Product.h"
#include "llvm/ADT/ArrayRef.h"

namespace mobileone {

/// A level and what the schedule must know of a core that has it.
struct IsaLevel {
  llvm::Triple::ArchType arch;
  llvm::StringRef name;      // as in --isa
  llvm::StringRef suffix;    // of its functions in an object, behind a dot
  llvm::StringRef cpu;       // LLVM's name of the least CPU that has it,
  llvm::StringRef features;  // with these more
  unsigned number;           // mobileone_isa_level in runtime/mobileone.h
  unsigned vectorBits;       // of one register
  unsigned registers;        // vector registers
  unsigned loads;            // vector loads that start in one cycle
  unsigned matrixLanes;      // channels of a matrix tile's vectors
  Product product;           // how sums of floats are made
  ByteProducts byteProducts; // and those of bytes
  Product byteProduct;

  /// Elements of this many bits in one register.
  constexpr unsigned getLanes(unsigned bits) const { return vectorBits / bits; }

  /// Whether only networks of bytes gain more by it than by the one before.
  constexpr bool isForBytes() const {
    return byteProducts == ByteProducts::Dots;
  }
  /// Whether code can have a cache fetch ahead: engines have no instruction for
  /// it.
  bool canPrefetch() const { return !getProcessor(arch).isVirtual; }

  /// Whether this CPU and system have it.
  bool isOnHost() const;
};

/// All levels: of each machine the lowest first.
llvm::ArrayRef<IsaLevel> getIsaLevels();

/// The level called `name`, or null.
const IsaLevel *findIsaLevel(llvm::StringRef name);

/// The level of this number, or null.
const IsaLevel *findIsaLevel(unsigned number);

/// The highest level that this CPU and system have; null where they have none.
const IsaLevel *findHostIsaLevel();

/// Names of the levels with these numbers as bits, with commas between.
std::string formatIsaLevels(uint32_t numbers);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_MACHINE_ISALEVEL_H
