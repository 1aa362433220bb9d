// The IR of a random network; its weights are bytes in hexadecimal.
#include "RandomNetwork.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cmath>
#include <fmt/format.h>

using namespace mobileone;

namespace {

class TextWriter {
public:
  explicit TextWriter(const RandomNetwork &network)
      : network(network), random(network.weightSeed) {}

  std::string write();

private:
  bool addLayer(const RandomLayer &layer, size_t number);
  /// A convolution of %x with its norm or bias, called %name.
  void addBranch(const std::string &name, const RandomLayer &layer,
                 bool isScale);
  void addNorm(const std::string &name, const std::string &input,
               int64_t channels);
  std::string getActivation() const {
    return fmt::format("tensor<1x{}x{}x{}xf32>", channels, height, width);
  }
  /// A head of so many classes, called `name`, or without classes the mean
  /// itself; its value and type.
  std::pair<std::string, std::string> addHead(const std::string &name,
                                              int64_t classes);
  /// Numbers around `middle`.
  std::string makeWeights(const std::string &shape, int64_t count,
                          double middle, double spread);

  const RandomNetwork &network;
  std::mt19937 random;
  std::string text;
  int64_t height = 0, width = 0, channels = 0; // of the value so far
  std::string input, result;                   // types of the block's values
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

std::pair<std::string, std::string> TextWriter::addHead(const std::string &name,
                                                        int64_t classes) {
  std::string pooled = fmt::format("tensor<1x{}xf32>", channels);
  std::string value = "%pool", type = pooled;
  if (classes) {
    type = fmt::format("tensor<1x{}xf32>", classes);
    value = "%" + name;
    text += fmt::format(
        "  {} = mobileone.linear \"{}\" %pool weight = {} bias = {} : {} "
        "-> {}\n",
        value, name,
        makeWeights(fmt::format("{}x{}", classes, channels), classes * channels,
                    0, 1 / std::sqrt(double(channels))),
        makeWeights(std::to_string(classes), classes, 0, 1), pooled, type);
  }
  if (network.softmax) {
    text += fmt::format("  %{}_soft = mobileone.softmax {} : {}\n", name, value,
                        type);
    value = fmt::format("%{}_soft", name);
  }
  return {value, type};
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
  for (size_t i = 0; i != network.layers.size(); ++i)
    if (!addLayer(network.layers[i], i))
      return "";
  std::string features = getActivation();
  text += fmt::format("  %pool = mobileone.global_average_pool %v{} : {} -> "
                      "tensor<1x{}xf32>\n",
                      network.layers.size(), features, channels);
  auto [value, type] = addHead("head", network.classes);
  std::string results = type;
  if (network.otherClasses) {
    auto [other, otherType] = addHead("other", network.otherClasses);
    value += ", " + other;
    type += ", " + otherType;
    results = fmt::format("({} {{mobileone.name = \"head\"}}, {} "
                          "{{mobileone.name = \"other\"}})",
                          results, otherType);
  }
  return fmt::format(
      "func.func @net(%{}: {}) -> {} {{\n{}{}  return {} : {}\n}}\n",
      isPlanar ? "in" : "image", image, results, body, text, value, type);
}

std::string RandomNetwork::toText() const { return TextWriter(*this).write(); }
