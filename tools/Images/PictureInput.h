// Makes the input of a network of a picture in a file.
#ifndef MOBILEONE_TOOLS_IMAGES_PICTUREINPUT_H
#define MOBILEONE_TOOLS_IMAGES_PICTUREINPUT_H

#include "runtime/mobileone.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace mobileone::images {

/// What the short edge of a picture is resized to before the crop, where nobody
/// says: the network's longer edge * 256 / 224.
uint32_t getShortEdge(const mobileone_model_info &info);

/// Decodes the picture `path`, resizes its short edge to `shortEdge` pixels,
/// crops the middle and writes it to `input` as a network of `info` takes it:
/// of the fields are read those of the input, `mean` and `std`. `scratch` is
/// memory to use again. Errors name the path.
llvm::Error readPicture(llvm::StringRef path, const mobileone_model_info &info,
                        uint32_t shortEdge, llvm::MutableArrayRef<char> input,
                        std::vector<char> &scratch);

} // namespace mobileone::images

#endif // MOBILEONE_TOOLS_IMAGES_PICTUREINPUT_H
