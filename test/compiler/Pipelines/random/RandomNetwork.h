// Small networks of random shapes, as IR.
#ifndef MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_RANDOMNETWORK_H
#define MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_RANDOMNETWORK_H

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace mobileone {

/// How one dimension of a window lies on the image.
struct Window {
  int64_t kernel = 1, stride = 1, padding = 0, dilation = 1;

  /// From the first to the last pixel under the kernel.
  int64_t getSize() const { return (kernel - 1) * dilation + 1; }
  int64_t getExtent(int64_t input) const {
    return (input + 2 * padding - getSize()) / stride + 1;
  }
  bool fits(int64_t input) const {
    return padding < getSize() && input + 2 * padding >= getSize();
  }
  /// Whether the middle tap of a window lies on the pixel that it is for.
  bool isCentred() const { return kernel % 2 && getSize() == 2 * padding + 1; }
};

/// One block.
struct RandomLayer {
  enum Kind { Dense, Depthwise, Pointwise };

  Kind kind = Dense;
  Window rows, columns;
  int64_t outputs = 1; // channels
  int64_t reduced = 0; // of squeeze-and-excitation; 0: none
  int branches = 0;    // with batch norm; 0: one convolution with a bias
  bool hasScale = false, hasSkip = false;
  std::string activation; // a kind of mobileone.activation; empty: none
  std::string gate = "sigmoid";
  bool isOutput = false; // its map is given, too
};

/// A chain of blocks, a mean over pixels and, with classes, a classifier.
/// Without the mean the last map is what it gives.
struct RandomNetwork {
  enum Input { F32NCHW, F32NHWC, U8NHWC };

  uint32_t weightSeed = 0;
  Input input = F32NCHW;
  int64_t height = 1, width = 1, channels = 3;
  std::vector<RandomLayer> layers;
  bool hasMean = true;
  int64_t classes = 0;
  bool softmax = false;
  bool channelsLast = false; // of the maps that it gives

  /// The function @net; empty where a window does not fit the image.
  std::string toText() const;
};

RandomNetwork makeNetwork(std::mt19937 &random);

/// Smaller networks that `network` can be shrunk to, the smallest first.
std::vector<RandomNetwork> getSmaller(const RandomNetwork &network);

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_RANDOMNETWORK_H
