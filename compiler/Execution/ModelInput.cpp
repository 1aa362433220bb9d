// Random images.
#include "compiler/Execution/ModelInput.h"

#include <cstring>
#include <random>

using namespace mobileone;

ModelInput ModelInput::makeRandom(const LoadedModel &model, size_t images) {
  ModelInput input(model, images);
  std::mt19937 random(1);
  if (model.takesBytes()) {
    for (char &byte : input.bytes)
      byte = static_cast<char>(random());
    return input;
  }
  for (size_t i = 0; i < input.bytes.size(); i += sizeof(float)) {
    // Not std::uniform_real_distribution: it differs between libraries.
    const float value = static_cast<float>(random() >> 8) * 0x1p-22f - 2;
    std::memcpy(&input.bytes[i], &value, sizeof value);
  }
  return input;
}
