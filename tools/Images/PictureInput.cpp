// Makes the input of a network of a picture in a file.
#include "tools/Images/PictureInput.h"

#include "runtime/frame.h"
#include "tools/Images/DecodeImage.h"

#include <algorithm>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::images {

uint32_t getShortEdge(const mobileone_model_info &info) {
  return std::max(info.input_height, info.input_width) * 256 / 224;
}

Error readPicture(StringRef path, const mobileone_model_info &info,
                  uint32_t shortEdge, MutableArrayRef<char> input,
                  std::vector<char> &scratch) {
  Expected<Image> image = decodeImage(path);
  if (!image)
    return image.takeError();
  mobileone_frame frame = {};
  frame.width = image->width;
  frame.height = image->height;
  frame.planes[0] = image->pixels.data();
  const mobileone_crop window = mobileone_frame_crop(&frame, &info, shortEdge);
  scratch.resize(mobileone_frame_scratch_bytes(&frame, &info, &window));
  if (scratch.empty())
    return createStringError(fmt::format(
        "{}: expects a picture that can be resized to a short edge of {} "
        "pixels, but got {}x{}",
        path.str(), shortEdge, image->width, image->height));
  mobileone_error_detail detail;
  if (mobileone_frame_to_input(&frame, &info, &window, input.data(),
                               input.size(), scratch.data(), scratch.size(),
                               &detail))
    return createStringError(fmt::format("{}: {}: {}", path.str(), detail.field,
                                         mobileone_strerror(detail.error)));
  return Error::success();
}

} // namespace mobileone::images
