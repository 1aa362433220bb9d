// Knows a dilated encoder by the decoder beside it: its own tensors are the
// same either way.
#include "compiler/Import/Dilation.h"

#include "compiler/Import/Refusal.h"

using namespace llvm;
using namespace mobileone;

Error mobileone::checkDilation(const KeyIndex &keys, StringRef root) {
  // As segmentation_models_pytorch names them.
  static constexpr std::pair<StringLiteral, StringLiteral> kDecoders[] = {
      {"decoder.aspp.", "DeepLabV3"}, {"decoder.fpa.", "PAN"}};
  for (const KeyIndex::Entry &entry : keys.getEntries())
    for (const auto &[decoder, model] : kDecoders) {
      size_t at = entry.key.find(decoder);
      if (at == std::string::npos ||
          !root.starts_with(entry.key.substr(0, at) + "encoder."))
        continue;
      return refuse(
          entry.getName(),
          "expects an encoder without dilation, but got the decoder of a " +
              model +
              " model, which replaces strides of the last stages by dilation "
              "(the file does not say which, and the undilated network would "
              "give wrong features: give --variant=FILE.json with "
              "output_stride)");
    }
  return Error::success();
}
