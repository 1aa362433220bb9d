// A tensor of a checkpoint: a checked view of bytes of the file.
#ifndef MOBILEONE_COMPILER_IMPORT_TENSOR_H
#define MOBILEONE_COMPILER_IMPORT_TENSOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace mobileone {

/// How the elements of a tensor are stored.
struct ElementType {
  enum class Format : uint8_t { Float16, BFloat16, Float32, Float64, Other };

  llvm::StringLiteral name;            // in messages: "f16"
  llvm::StringLiteral safeTensorsName; // "F16", empty where it has none
  llvm::StringLiteral torchStorage;    // "HalfStorage", empty likewise
  unsigned byteWidth;
  Format format; // Other: known, but never weights

  /// Null for an unknown name.
  static const ElementType *findSafeTensors(llvm::StringRef name);
  static const ElementType *findTorchStorage(llvm::StringRef name);
};

/// A strided view of little-endian elements. createTensor has checked that it
/// stays inside its storage, so reading it needs no further checks.
struct Tensor {
  std::string name; // as in the file
  const ElementType *elementType;
  llvm::SmallVector<int64_t, 4> shape;
  llvm::SmallVector<int64_t, 4> strides; // in elements
  llvm::StringRef storage;               // from the first element on
  int64_t elementCount;
};

/// `offset` and `strides` count elements from the beginning of `storage`.
llvm::Expected<Tensor> createTensor(llvm::StringRef name,
                                    const ElementType &elementType,
                                    llvm::ArrayRef<int64_t> shape,
                                    llvm::ArrayRef<int64_t> strides,
                                    int64_t offset, llvm::StringRef storage);

/// The number of elements of `shape`, refused where it is negative or needs
/// more than 63 bits.
llvm::Expected<int64_t> countElements(llvm::StringRef name,
                                      llvm::ArrayRef<int64_t> shape);

/// Strides of row-major order without gaps.
llvm::SmallVector<int64_t, 4> getDenseStrides(llvm::ArrayRef<int64_t> shape);

/// "48x3x3x3", or "scalar".
std::string formatShape(llvm::ArrayRef<int64_t> shape);

/// The elements as f32 in row-major order, rounded to nearest where they are
/// f64: the bytes of the file where those are already that, else `scratch`.
llvm::ArrayRef<float> readElements(const Tensor &tensor,
                                   std::vector<float> &scratch);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_TENSOR_H
