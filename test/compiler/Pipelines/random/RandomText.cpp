// The IR of a random network; its weights are bytes in hexadecimal.
#include "RandomNetwork.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cmath>
#include <fmt/format.h>
#include <utility>

using namespace mobileone;

namespace {

class TextWriter {
public:
  explicit TextWriter(const RandomNetwork &network)
      : network(network), random(network.weightSeed) {}

  std::string write();

private:
  bool addLayer(const RandomLayer &layer, size_t number);
  /// Gives the map of the layer that was added last.
  void addMap(size_t number);
  void addHead();
  void addOutput(const std::string &value, const std::string &type) {
    outputs.push_back("%" + value);
    types.push_back(type);
  }
  /// A convolution of %x with its norm or bias, called %name.
  void addBranch(const std::string &name, const RandomLayer &layer,
                 bool isScale);
  void addNorm(const std::string &name, const std::string &input,
               int64_t channels);
  std::string getActivation() const {
    return fmt::format("tensor<1x{}x{}x{}xf32>", channels, height, width);
  }
  /// Numbers around `middle`.
  std::string makeWeights(const std::string &shape, int64_t count,
                          double middle, double spread);

  const RandomNetwork &network;
  std::mt19937 random;
  std::string text;
  int64_t height = 0, width = 0, channels = 0; // of the value so far
  std::string input, result;                   // types of the block's values
  std::vector<std::string> outputs, types;     // of the function
};

} // namespace

std::string TextWriter::makeWeights(const std::string &shape, int64_t count,
                                    double middle, double spread) {
  std::string bytes;
  for (int64_t i = 0; i != count; ++i) {
    double unit = static_cast<double>(random()) / 2147483648.0 - 1;
    auto value = static_cast<float>(middle + spread * unit);
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
  }
  return fmt::format("dense<\"0x{}\"> : tensor<{}xf32>", llvm::toHex(bytes),
                     shape);
}

void TextWriter::addNorm(const std::string &name, const std::string &from,
                         int64_t count) {
  std::string shape = std::to_string(count);
  text += fmt::format(
      "    %{} = mobileone.batch_norm %{} gamma = {} beta = {} mean = {} "
      "variance = {} epsilon = 1.0e-3 : {}\n",
      name, from, makeWeights(shape, count, 1, 0.5),
      makeWeights(shape, count, 0, 0.5), makeWeights(shape, count, 0, 0.5),
      makeWeights(shape, count, 1, 0.5), result);
}

void TextWriter::addBranch(const std::string &name, const RandomLayer &layer,
                           bool isScale) {
  bool isDepthwise = layer.kind == RandomLayer::Depthwise;
  int64_t groupInputs = isDepthwise ? 1 : channels;
  int64_t kh = isScale ? 1 : layer.rows.kernel,
          kw = isScale ? 1 : layer.columns.kernel;
  int64_t taps = groupInputs * kh * kw;
  bool hasNorm = layer.branches > 0;
  std::string bias;
  std::string filter = makeWeights(
      fmt::format("{}x{}x{}x{}", layer.outputs, groupInputs, kh, kw),
      layer.outputs * taps, 0.3 / std::sqrt(double(taps)),
      2 / std::sqrt(double(taps)));
  if (!hasNorm)
    bias = " bias = " +
           makeWeights(std::to_string(layer.outputs), layer.outputs, 0, 0.5);
  text += fmt::format(
      "    %{} = mobileone.conv %x filter = {}{} strides = [{}, {}] padding = "
      "[{}, {}] dilations = [{}, {}] groups = {} : {} -> {}\n",
      hasNorm ? name + "c" : name, filter, bias, layer.rows.stride,
      layer.columns.stride, isScale ? 0 : layer.rows.padding,
      isScale ? 0 : layer.columns.padding, isScale ? 1 : layer.rows.dilation,
      isScale ? 1 : layer.columns.dilation, isDepthwise ? channels : 1, input,
      result);
  if (hasNorm)
    addNorm(name, name + "c", layer.outputs);
}

bool TextWriter::addLayer(const RandomLayer &layer, size_t number) {
  if (!layer.rows.fits(height) || !layer.columns.fits(width) ||
      (layer.kind == RandomLayer::Depthwise && layer.outputs != channels) ||
      (layer.hasSkip && layer.outputs != channels))
    return false;
  input = getActivation();
  int64_t inputChannels = channels;
  height = layer.rows.getExtent(height);
  width = layer.columns.getExtent(width);
  channels = layer.outputs;
  result = getActivation();
  channels = inputChannels;
  if (layer.hasSkip && input != result)
    return false;
  text += fmt::format(
      "  %v{} = mobileone.block \"layer{}\" (%x = %{}) : {} -> {} {{\n",
      number + 1, number, number ? "v" + std::to_string(number) : "in", input,
      result);
  std::vector<std::string> sum;
  for (int i = 0; i < std::max(layer.branches, 1); ++i) {
    sum.push_back(fmt::format("b{}", i));
    addBranch(sum.back(), layer, /*isScale=*/false);
  }
  if (layer.hasScale) {
    sum.push_back("scale");
    addBranch("scale", layer, /*isScale=*/true);
  }
  if (layer.hasSkip) {
    sum.push_back("skip");
    addNorm("skip", "x", channels);
  }
  std::string value = "%" + sum.front();
  if (sum.size() > 1) {
    text += fmt::format("    %sum = mobileone.add %{} : {}\n",
                        fmt::join(sum, ", %"), result);
    value = "%sum";
  }
  channels = layer.outputs;
  if (int64_t r = layer.reduced) {
    int64_t c = channels;
    text += fmt::format(
        "    %se = mobileone.squeeze_excite {} reduce = {}, {} expand = {}, {} "
        "gate = {} : {}\n",
        value, makeWeights(fmt::format("{}x{}", r, c), r * c, 0.1, 1),
        makeWeights(std::to_string(r), r, 0.2, 0.5),
        makeWeights(fmt::format("{}x{}", c, r), c * r, 0, 1),
        makeWeights(std::to_string(c), c, 0, 1), layer.gate, result);
    value = "%se";
  }
  if (!layer.activation.empty()) {
    text += fmt::format("    %act = mobileone.activation {} {} : {}\n",
                        layer.activation, value, result);
    value = "%act";
  }
  text += fmt::format("    mobileone.yield {} : {}\n  }}\n", value, result);
  return true;
}

void TextWriter::addMap(size_t number) {
  std::string value = fmt::format("v{}", number + 1);
  if (!network.channelsLast)
    return addOutput(value, getActivation());
  std::string type =
      fmt::format("tensor<1x{}x{}x{}xf32>", height, width, channels);
  text += fmt::format("  %map{} = mobileone.channels_last %{} : {} -> {}\n",
                      number, value, getActivation(), type);
  addOutput(fmt::format("map{}", number), type);
}

/// The mean of the last map, and what stands behind it.
void TextWriter::addHead() {
  std::string value = "pool", type = fmt::format("tensor<1x{}xf32>", channels);
  text += fmt::format("  %pool = mobileone.global_average_pool %v{} : {} -> "
                      "{}\n",
                      network.layers.size(), getActivation(), type);
  if (int64_t k = network.classes) {
    std::string pooled =
        std::exchange(type, fmt::format("tensor<1x{}xf32>", k));
    text += fmt::format(
        "  %head = mobileone.linear \"head\" %pool weight = {} bias = {} : {} "
        "-> {}\n",
        makeWeights(fmt::format("{}x{}", k, channels), k * channels, 0,
                    1 / std::sqrt(double(channels))),
        makeWeights(std::to_string(k), k, 0, 1), pooled, type);
    value = "head";
  }
  if (network.softmax) {
    text += fmt::format("  %soft = mobileone.softmax %{} : {}\n", value, type);
    value = "soft";
  }
  addOutput(value, type);
}

std::string TextWriter::write() {
  height = network.height;
  width = network.width;
  channels = network.channels;
  bool isPlanar = network.input == RandomNetwork::F32NCHW;
  bool isBytes = network.input == RandomNetwork::U8NHWC;
  std::string image = isPlanar
                          ? getActivation()
                          : fmt::format("tensor<1x{}x{}x{}x{}>", height, width,
                                        channels, isBytes ? "ui8" : "f32");
  std::string body;
  if (!isPlanar) {
    auto repeat = [&](const char *value) {
      return fmt::format(
          "{}", fmt::join(std::vector<std::string>(channels, value), ", "));
    };
    body =
        fmt::format("  %in = mobileone.read_image %image mean = [{}] std = "
                    "[{}] : {} -> {}\n",
                    repeat(isBytes ? "0.45" : "0.0"),
                    repeat(isBytes ? "0.25" : "1.0"), image, getActivation());
  }
  const size_t last = network.layers.size() - 1;
  for (size_t i = 0; i <= last; ++i) {
    if (!addLayer(network.layers[i], i))
      return "";
    if (network.layers[i].isOutput || (i == last && !network.hasMean))
      addMap(i);
  }
  if (network.hasMean)
    addHead();
  // Each of several outputs has a name.
  std::string results = types.front();
  if (types.size() > 1) {
    std::vector<std::string> named;
    for (const auto &[i, type] : llvm::enumerate(types))
      named.push_back(
          fmt::format("{} {{mobileone.name = \"output{}\"}}", type, i));
    results = fmt::format("({})", fmt::join(named, ", "));
  }
  return fmt::format(
      "func.func @net(%{}: {}) -> {} {{\n{}{}  return {} : {}\n}}\n",
      isPlanar ? "in" : "image", image, results, body, text,
      fmt::join(outputs, ", "), fmt::join(types, ", "));
}

std::string RandomNetwork::toText() const { return TextWriter(*this).write(); }
