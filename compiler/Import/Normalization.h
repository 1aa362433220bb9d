// What --mean and --std say, of both tools.
#ifndef MOBILEONE_COMPILER_IMPORT_NORMALIZATION_H
#define MOBILEONE_COMPILER_IMPORT_NORMALIZATION_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// `(pixel / 255 - mean) / std` per channel: red, green, blue, or others.
struct Normalization {
  /// ImageNet's, of values in 0..1.
  std::vector<double> mean = {0.485, 0.456, 0.406};
  std::vector<double> std = {0.229, 0.224, 0.225};

  bool operator==(const Normalization &other) const {
    return mean == other.mean && std == other.std;
  }
};

/// Reads a decimal number that as a float is neither infinite nor lost.
std::optional<double> parseFloat(llvm::StringRef text);

/// Reads --mean and --std, "0.485,0.456,0.406", `least` to three numbers each;
/// what is not given is ImageNet's. If any number is above 1, they are of
/// pixels in 0..255: all are divided by 255, and `remark` says so. Refuses one
/// flag alone in these units or with fewer numbers, a mix of units, and numbers
/// that are none as floats.
llvm::Expected<Normalization>
parseNormalization(std::optional<llvm::StringRef> mean,
                   std::optional<llvm::StringRef> std, size_t least,
                   std::string &remark);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_NORMALIZATION_H
