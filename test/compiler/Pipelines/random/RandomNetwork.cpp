// Shapes that no checkpoint has, and how to make them smaller.
#include "RandomNetwork.h"

using namespace mobileone;

static int64_t pick(std::mt19937 &random, std::vector<int64_t> choices) {
  return choices[random() % choices.size()];
}

static int64_t between(std::mt19937 &random, int64_t low, int64_t high) {
  return low + static_cast<int64_t>(random() % (high - low + 1));
}

static bool chance(std::mt19937 &random, int percent) {
  return random() % 100 < static_cast<unsigned>(percent);
}

/// A window that fits `input` pixels.
static Window makeWindow(std::mt19937 &random, int64_t input, int64_t stride,
                         int64_t dilation) {
  Window window{1, stride, 0, dilation};
  do {
    window.kernel =
        chance(random, 60) ? pick(random, {3, 3, 5, 7}) : between(random, 1, 7);
    window.padding = chance(random, 60)
                         ? window.kernel / 2 * dilation
                         : between(random, 0, window.getSize() - 1);
  } while (!window.fits(input));
  return window;
}

static std::string makeActivation(std::mt19937 &random) {
  const char *kinds[] = {"", "", "relu", "relu", "gelu", "hardswish", "silu"};
  return kinds[random() % std::size(kinds)];
}

static RandomLayer makeLayer(std::mt19937 &random, RandomLayer::Kind kind,
                             int64_t height, int64_t width, int64_t channels) {
  RandomLayer layer;
  layer.kind = kind;
  layer.outputs = kind == RandomLayer::Depthwise
                      ? channels
                      : pick(random, {1, 3, 8, 15, 16, 17, 24, 32, 48, 64});
  if (kind != RandomLayer::Pointwise) {
    int64_t stride = pick(random, {1, 1, 2, 2, 3});
    int64_t dilation = chance(random, 70) ? 1 : pick(random, {2, 2, 3, 4});
    layer.rows = makeWindow(random, height, stride, dilation);
    layer.columns = chance(random, 60) && layer.rows.fits(width)
                        ? layer.rows
                        : makeWindow(random, width, stride, dilation);
  }
  layer.activation = makeActivation(random);
  if (chance(random, 15)) {
    layer.reduced = between(random, 1, 20);
    if (chance(random, 50))
      layer.gate = "hardsigmoid";
  }
  if (chance(random, 40)) {
    layer.branches = static_cast<int>(between(random, 1, 3));
    bool isCentred = layer.rows.isCentred() && layer.columns.isCentred();
    layer.hasScale = layer.rows.kernel * layer.columns.kernel > 1 &&
                     isCentred && chance(random, 50);
    layer.hasSkip = isCentred && layer.rows.stride == 1 &&
                    layer.outputs == channels && chance(random, 50);
  }
  return layer;
}

/// The blocks that MobileOne begins with, on images so large that they work in
/// bands.
static void addStem(std::mt19937 &random, RandomNetwork &network) {
  auto add = [&](RandomLayer::Kind kind, int64_t stride, int64_t outputs) {
    RandomLayer layer;
    layer.kind = kind;
    if (kind != RandomLayer::Pointwise)
      layer.rows = layer.columns = {3, stride, 1};
    layer.outputs = outputs;
    layer.activation = makeActivation(random);
    network.layers.push_back(layer);
  };
  int64_t channels = pick(random, {16, 20, 48});
  add(RandomLayer::Dense, 2, channels);
  add(RandomLayer::Depthwise, 2, channels);
  add(RandomLayer::Pointwise, 1, channels);
  add(RandomLayer::Depthwise, 1, channels);
  add(RandomLayer::Pointwise, 1, channels);
}

RandomNetwork mobileone::makeNetwork(std::mt19937 &random) {
  RandomNetwork network;
  network.weightSeed = random();
  network.input = static_cast<RandomNetwork::Input>(random() % 3);
  bool isLarge = chance(random, 15);
  auto makeSize = [&] {
    return isLarge              ? between(random, 60, 230)
           : chance(random, 30) ? between(random, 1, 9)
                                : between(random, 10, 40);
  };
  network.height = makeSize();
  network.width = makeSize();
  network.channels = chance(random, 60) ? 3 : between(random, 1, 16);
  if (isLarge)
    addStem(random, network);
  int64_t height = network.height, width = network.width,
          channels = network.channels;
  auto pass = [&](const RandomLayer &layer) {
    height = layer.rows.getExtent(height);
    width = layer.columns.getExtent(width);
    channels = layer.outputs;
  };
  for (const RandomLayer &layer : network.layers)
    pass(layer);
  int64_t more = between(random, isLarge ? 0 : 1, 4);
  for (int64_t i = 0; i != more; ++i) {
    RandomLayer::Kind kind = network.layers.empty() ? RandomLayer::Dense
                             : chance(random, 50)   ? RandomLayer::Depthwise
                                                    : RandomLayer::Pointwise;
    network.layers.push_back(makeLayer(random, kind, height, width, channels));
    pass(network.layers.back());
  }
  if (chance(random, 60))
    network.classes = pick(random, {1, 2, 10, 16, 17, 100});
  network.softmax = chance(random, 30);
  if (chance(random, 40)) {
    network.hasMean = chance(random, 60);
    network.channelsLast = chance(random, 50);
    for (RandomLayer &layer : network.layers)
      layer.isOutput = chance(random, 30);
  }
  return network;
}

//===----------------------------------------------------------------------===//
// Shrinking
//===----------------------------------------------------------------------===//

std::vector<RandomNetwork> mobileone::getSmaller(const RandomNetwork &network) {
  std::vector<RandomNetwork> smaller;
  auto with = [&](auto change) {
    RandomNetwork copy = network;
    change(copy);
    smaller.push_back(copy);
  };
  for (size_t i = network.layers.size(); i-- > 0;)
    if (network.layers.size() > 1)
      with([&](RandomNetwork &n) { n.layers.erase(n.layers.begin() + i); });
  for (int64_t RandomNetwork::*size :
       {&RandomNetwork::height, &RandomNetwork::width, &RandomNetwork::channels,
        &RandomNetwork::classes}) {
    int64_t least = size == &RandomNetwork::classes ? 0 : 1;
    for (int64_t value :
         {least, network.*size / 2, network.*size - 8, network.*size - 1})
      if (value >= least && value < network.*size)
        with([&](RandomNetwork &n) { n.*size = value; });
  }
  if (network.softmax)
    with([](RandomNetwork &n) { n.softmax = false; });
  if (network.hasMean)
    with([](RandomNetwork &n) { n.hasMean = false; });
  if (network.channelsLast)
    with([](RandomNetwork &n) { n.channelsLast = false; });
  if (network.input != RandomNetwork::F32NCHW)
    with([](RandomNetwork &n) { n.input = RandomNetwork::F32NCHW; });
  for (size_t i = 0; i != network.layers.size(); ++i) {
    const RandomLayer &layer = network.layers[i];
    auto withLayer = [&](auto change) {
      with([&](RandomNetwork &n) { change(n.layers[i]); });
    };
    if (layer.isOutput)
      withLayer([](RandomLayer &l) { l.isOutput = false; });
    if (layer.branches)
      withLayer([](RandomLayer &l) {
        l.branches = 0;
        l.hasScale = l.hasSkip = false;
      });
    if (layer.reduced)
      withLayer([](RandomLayer &l) { l.reduced = 0; });
    if (layer.reduced && layer.gate != "sigmoid")
      withLayer([](RandomLayer &l) { l.gate = "sigmoid"; });
    if (!layer.activation.empty())
      withLayer([](RandomLayer &l) { l.activation.clear(); });
    for (int64_t outputs : {int64_t(1), int64_t(16), layer.outputs / 2})
      if (outputs >= 1 && outputs < layer.outputs)
        withLayer([&](RandomLayer &l) { l.outputs = outputs; });
    if (layer.rows.getSize() > 1 || layer.columns.getSize() > 1)
      withLayer([](RandomLayer &l) { l.rows = l.columns = Window(); });
    if (layer.rows.stride > 1)
      withLayer([](RandomLayer &l) {
        --l.rows.stride;
        --l.columns.stride;
      });
    if (layer.rows.dilation > 1)
      withLayer([](RandomLayer &l) {
        --l.rows.dilation;
        --l.columns.dilation;
      });
    for (Window RandomLayer::*window :
         {&RandomLayer::rows, &RandomLayer::columns}) {
      if ((layer.*window).padding)
        withLayer([&](RandomLayer &l) { --(l.*window).padding; });
      if ((layer.*window).kernel > 1)
        withLayer([&](RandomLayer &l) { --(l.*window).kernel; });
    }
  }
  return smaller;
}
