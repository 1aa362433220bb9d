// Reads and writes NumPy's .npy files.
#ifndef MOBILEONE_TOOLS_IMAGES_NPY_H
#define MOBILEONE_TOOLS_IMAGES_NPY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>

namespace mobileone::images {

/// An array in a mapped file.
struct NpyArray {
  std::unique_ptr<llvm::MemoryBuffer> file;
  /// False: little-endian float32.
  bool isBytes = false;
  llvm::SmallVector<uint64_t> shape;
  /// The elements in C order, not aligned.
  llvm::ArrayRef<char> data;
};

/// Reads a file of version 1 or 2 that holds float32 or uint8 in C order.
llvm::Expected<NpyArray> readNpy(llvm::StringRef path);

/// The file of an array of float32 in C order.
std::string formatNpy(llvm::ArrayRef<uint64_t> shape,
                      llvm::ArrayRef<float> values);

/// A shape as Python writes it: `(8, 224, 224, 3)`.
std::string formatShape(llvm::ArrayRef<uint64_t> shape);

} // namespace mobileone::images

#endif // MOBILEONE_TOOLS_IMAGES_NPY_H
