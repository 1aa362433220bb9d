// The weights of an object as bytes.
#ifndef MOBILEONE_COMPILER_CODEGEN_WEIGHTPOOL_H
#define MOBILEONE_COMPILER_CODEGEN_WEIGHTPOOL_H

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseMap.h"

namespace mobileone {

/// Constants of the code for all ISA levels and image sizes. Each different
/// sequence of bytes stands there once, at a multiple of 64 bytes; what lies
/// between is zero.
class WeightPool {
public:
  /// The byte at which `values` begin, which have their data.
  /// Fails, and says nothing, where there would be more than 1 GiB, as much as
  /// code can address beside itself.
  mlir::FailureOr<int64_t> place(mlir::ElementsAttr values);

  llvm::ArrayRef<char> getBytes() const { return bytes; }

  static constexpr int64_t kMaxBytes = int64_t(1) << 30;

private:
  /// Where bytes of one hash begin, and how many they are.
  struct Room {
    int64_t offset, size;
  };

  llvm::SmallVector<char, 0> bytes;
  llvm::DenseMap<uint64_t, llvm::SmallVector<Room, 1>> rooms;
  llvm::DenseMap<mlir::Attribute, int64_t> known;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_WEIGHTPOOL_H
