// Small networks as text, with weights that are the same on every machine.
#ifndef MOBILEONE_TEST_COMPILER_QUANTIZATION_NETWORKTEXT_H
#define MOBILEONE_TEST_COMPILER_QUANTIZATION_NETWORKTEXT_H

#include "RandomNumbers.h"
#include "llvm/ADT/StringExtras.h"

#include <string>
#include <vector>

/// Writes a function of blocks one behind the other, of an image of 3x12x12
/// floats on.
class NetworkText {
public:
  /// A convolution with a bias, and what follows it.
  void addBlock(int64_t outputs, int64_t groups, int64_t kernel, int64_t stride,
                const std::string &activation = "relu", bool hasGates = false) {
    std::string name = "stage" + std::to_string(blocks), from = type();
    std::string input = value();
    int64_t inputs = channels;
    edge = (edge - 1) / stride + 1;
    channels = outputs;
    std::string padding = std::to_string(kernel / 2);
    std::string window = std::to_string(kernel) + "x" + std::to_string(kernel);
    std::string steps = std::to_string(stride);
    body += "%b" + std::to_string(++blocks) + " = mobileone.block \"" + name +
            "\" (%in = " + input + ") : " + from + " -> " + type() + " {\n" +
            "%0 = mobileone.conv %in filter = " +
            weights(std::to_string(outputs) + "x" +
                        std::to_string(inputs / groups) + "x" + window,
                    outputs * (inputs / groups) * kernel * kernel) +
            " bias = " + weights(std::to_string(outputs), outputs) +
            " strides = [" + steps + ", " + steps + "] padding = [" + padding +
            ", " + padding + "] groups = " + std::to_string(groups) + " : " +
            from + " -> " + type() + "\n";
    std::string last = "%0", c = std::to_string(channels);
    if (hasGates) {
      body += "%1 = mobileone.squeeze_excite %0 reduce = " +
              weights("2x" + c, 2 * channels) + ", " + weights("2", 2) +
              " expand = " + weights(c + "x2", 2 * channels) + ", " +
              weights(c, channels) + " : " + type() + "\n";
      last = "%1";
    }
    if (!activation.empty()) {
      body += "%2 = mobileone.activation " + activation + " " + last + " : " +
              type() + "\n";
      last = "%2";
    }
    body += "mobileone.yield " + last + " : " + type() + "\n}\n";
  }

  /// A stem, then pairs of a depthwise and a pointwise block.
  void addPairs(int64_t pairs, bool hasGates = false) {
    addBlock(16, 1, 3, 2);
    for (int64_t pair = 0; pair != pairs; ++pair) {
      addBlock(channels, channels, 3, 1, "relu", hasGates);
      addBlock(16 + 4 * pair, 1, 1, 1, "relu", hasGates);
    }
  }

  /// The mean of each channel: a result.
  void addPool() {
    std::string c = std::to_string(channels);
    std::string mean = "tensor<1x" + c + "xf32>";
    body += "%pool = mobileone.global_average_pool " + value() + " : " +
            type() + " -> " + mean + "\n";
    addResult("%pool", mean);
  }

  /// A classifier of five classes behind the pool, instead of the last result.
  void addHead() {
    results.pop_back();
    std::string c = std::to_string(channels);
    body += "%head = mobileone.linear \"head\" %pool weight = " +
            weights("5x" + c, 5 * channels) + " bias = " + weights("5", 5) +
            " : tensor<1x" + c + "xf32> -> tensor<1x5xf32>\n";
    addResult("%head", "tensor<1x5xf32>");
  }

  /// The last block's map is a result, too.
  void addFeatures() { addResult(value(), type()); }

  std::string str() const {
    std::string values, types;
    for (const auto &[value, type] : results) {
      values += (values.empty() ? "" : ", ") + value;
      types += (types.empty() ? "" : ", ") + type;
    }
    return "func.func @f(%x: tensor<1x3x12x12xf32>) -> (" + types + ") {\n" +
           body + "return " + values + " : " + types + "\n}";
  }

private:
  std::string value() const {
    return blocks ? "%b" + std::to_string(blocks) : "%x";
  }
  std::string type() const {
    std::string size = std::to_string(edge);
    return "tensor<1x" + std::to_string(channels) + "x" + size + "x" + size +
           "xf32>";
  }
  void addResult(const std::string &value, const std::string &type) {
    results.emplace_back(value, type);
  }
  /// As large as keeps activations about as large as they are.
  std::string weights(const std::string &shape, int64_t count) {
    double size = std::sqrt(6.0 * static_cast<double>(channels) /
                            static_cast<double>(count));
    std::vector<float> values;
    for (int64_t i = 0; i != count; ++i)
      values.push_back(static_cast<float>(random.next() * size));
    llvm::StringRef bytes(reinterpret_cast<const char *>(values.data()),
                          values.size() * sizeof(float));
    return "dense<\"0x" + llvm::toHex(bytes) + "\"> : tensor<" + shape +
           "xf32>";
  }

  RandomNumbers random;
  std::string body;
  std::vector<std::pair<std::string, std::string>> results;
  int64_t blocks = 0, channels = 3, edge = 12;
};

#endif // MOBILEONE_TEST_COMPILER_QUANTIZATION_NETWORKTEXT_H
