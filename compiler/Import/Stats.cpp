// Counts parameters and multiply-adds from the table of variants alone.
#include "compiler/Import/Stats.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

using namespace mobileone;

LayerStats mobileone::countBlock(const BlockSpec &block, int64_t outputHeight,
                                 int64_t outputWidth) {
  int64_t out = block.outputChannels, pixels = outputHeight * outputWidth;
  int64_t scale = out * block.getGroupChannels();
  int64_t filter = scale * block.kernel * block.kernel;
  LayerStats stats;
  stats.parameters = filter + out;
  // A batch norm learns gamma and beta.
  stats.trainParameters = block.branches * (filter + 2 * out) +
                          (block.hasScale ? scale + 2 * out : 0) +
                          (block.hasIdentity() ? 2 * out : 0);
  stats.multiplyAdds = stats.publishedCount = filter * pixels;
  if (block.hasSqueezeExcite()) {
    int64_t reduced = block.reducedChannels;
    int64_t weights = 2 * out * reduced;
    stats.parameters += weights + reduced + out;
    stats.trainParameters += weights + reduced + out;
    stats.multiplyAdds += weights;
    stats.publishedCount += weights + out * pixels;
  }
  return stats;
}

/// A head and, for the published count only, the pooling of `pooled` pixels
/// before it.
static LayerStats countHead(int64_t features, int64_t classes, int64_t pooled) {
  LayerStats stats;
  stats.multiplyAdds = features * classes;
  stats.parameters = stats.trainParameters = stats.multiplyAdds + classes;
  stats.publishedCount = features * pooled;
  return stats;
}

/// Calls `use` with each layer's name, its output's shape and its counts, and
/// returns the sum.
template <typename Fn>
static LayerStats visitLayers(const NetworkSpec &network, int64_t height,
                              int64_t width, Fn use) {
  LayerStats total;
  auto visit = [&](const std::string &name, const std::string &shape,
                   const LayerStats &stats) {
    total.parameters += stats.parameters;
    total.trainParameters += stats.trainParameters;
    total.multiplyAdds += stats.multiplyAdds;
    total.publishedCount += stats.publishedCount;
    use(name, shape, stats);
  };
  for (const BlockSpec &block : network.blocks) {
    height = block.getOutputExtent(height);
    width = block.getOutputExtent(width);
    visit(block.name,
          fmt::format("{}x{}x{}", block.outputChannels, height, width),
          countBlock(block, height, width));
  }
  // Of a variant without a checkpoint: ImageNet's classes.
  const std::vector<HeadSpec> usual{{"", 1000}};
  int64_t pooled = height * width; // once for all heads
  for (const HeadSpec &head : network.heads.empty() ? usual : network.heads) {
    visit(head.name.empty() ? "head" : head.name,
          fmt::format("{}", head.classes),
          countHead(network.getFeatures(), head.classes, pooled));
    pooled = 0;
  }
  return total;
}

LayerStats mobileone::countNetwork(const NetworkSpec &network,
                                   int64_t imageHeight, int64_t imageWidth) {
  return visitLayers(network, imageHeight, imageWidth,
                     [](const auto &, const auto &, const LayerStats &) {});
}

std::string mobileone::formatStats(const NetworkSpec &network,
                                   int64_t imageHeight, int64_t imageWidth) {
  constexpr const char *kRow = "{:<10} {:>14} {:>12} {:>12} {:>14} {:>14}\n";
  std::string text = fmt::format("MobileOne {} at {}x{}\n", network.variant,
                                 imageHeight, imageWidth);
  text += fmt::format(kRow, "layer", "output", "parameters", "train form",
                      "multiply-adds", "published");
  LayerStats total =
      visitLayers(network, imageHeight, imageWidth,
                  [&](const std::string &name, const std::string &shape,
                      const LayerStats &stats) {
                    text +=
                        fmt::format(kRow, name, shape, stats.parameters,
                                    stats.trainParameters, stats.multiplyAdds,
                                    stats.publishedCount);
                  });
  text +=
      fmt::format(kRow, "total", "", total.parameters, total.trainParameters,
                  total.multiplyAdds, total.publishedCount);
  return text;
}

static void writeCounts(llvm::json::OStream &json, const LayerStats &stats) {
  json.attribute("parameters", stats.parameters);
  json.attribute("train_parameters", stats.trainParameters);
  json.attribute("multiply_adds", stats.multiplyAdds);
  json.attribute("published_count", stats.publishedCount);
}

std::string mobileone::formatStatsJson(const NetworkSpec &network,
                                       int64_t imageHeight,
                                       int64_t imageWidth) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("variant", network.variant);
    json.attribute("height", imageHeight);
    json.attribute("width", imageWidth);
    LayerStats total;
    json.attributeArray("layers", [&] {
      total = visitLayers(network, imageHeight, imageWidth,
                          [&](const std::string &name, const std::string &shape,
                              const LayerStats &stats) {
                            json.object([&] {
                              json.attribute("name", name);
                              json.attribute("output", shape);
                              writeCounts(json, stats);
                            });
                          });
    });
    json.attributeObject("total", [&] { writeCounts(json, total); });
  });
  return text + '\n';
}
