// Measures a model's layers against the peak of the threads that it runs on.
#include "Json.h"
#include "Modes.h"
#include "Peak.h"
#include "ProfilePage.h"
#include "Stopwatch.h"
#include "compiler/Execution/ModelInput.h"

#include "tools/Output/Print.h"
#include "tools/Output/Progress.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace llvm;

namespace mobileone::run {

static Error checkInstrument(const mobileone_model_info &info) {
  if (info.instrument == MOBILEONE_INSTRUMENT_LAYERS)
    return Error::success();
  return createStringError(fmt::format(
      "--profile: expects an object compiled with --instrument=layers, but got "
      "one {}",
      info.instrument == MOBILEONE_INSTRUMENT_TENSORS
          ? "with --instrument=tensors, whose times hold the copying of results"
          : "without --instrument"));
}

/// `seconds` has a number for each layer, infinity where no callback came: such
/// a layer was computed with the one before.
static std::vector<ProfiledLayer> groupLayers(const mobileone_model_info &info,
                                              ArrayRef<double> seconds) {
  std::vector<ProfiledLayer> groups;
  for (uint32_t i = 0; i < info.layer_count; ++i) {
    const mobileone_layer_info &layer = mobileone_layers(&info)[i];
    if (groups.empty() || std::isfinite(seconds[i]))
      groups.emplace_back().seconds = seconds[i];
    ProfiledLayer &group = groups.back();
    group.name +=
        (group.name.empty() ? "" : " + ") +
        std::string(layer.name, strnlen(layer.name, sizeof layer.name));
    group.shape =
        fmt::format("{}x{}x{}", layer.height, layer.width, layer.channels);
    group.resultBytes =
        uint64_t{layer.height} * layer.width * layer.channels * sizeof(float);
    group.multiplyAdds += layer.multiply_adds;
    group.algorithm = std::max(group.algorithm, layer.algorithm);
  }
  return groups;
}

static Expected<Profile> measure(LoadedModel &model, uint32_t rounds) {
  const mobileone_model_info &info = model.info();
  const ModelInput input = ModelInput::makeRandom(model, /*images=*/1);
  const ModelOutput output(model);
  constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<double> seconds(info.layer_count, never);
  Profile profile;
  profile.model = model.describe();
  profile.rounds = rounds;
  profile.threads = model.threads();
  profile.networkSeconds = never;

  // Once, as nothing may disturb the rounds.
  Progress progress;
  progress.show(fmt::format("measuring {} rounds", rounds));
  // The first run pays for page faults and the CPU's licence for wide vectors.
  if (Error error = model.run(input[0], output.pointers()))
    return std::move(error);
  measurePeak(model);

  // In turn, so that all see the same clock and the same neighbours.
  for (uint32_t round = 0; round < rounds; ++round) {
    const Stopwatch network;
    if (Error error = model.run(input[0], output.pointers()))
      return std::move(error);
    profile.networkSeconds =
        std::min(profile.networkSeconds, network.seconds());

    Stopwatch layerWatch;
    if (Error error = model.run(
            input[0], output.pointers(),
            [&](uint32_t layer, mobileone_phase phase, ArrayRef<float>) {
              if (phase == MOBILEONE_LAYER_END)
                seconds[layer] = std::min(seconds[layer], layerWatch.seconds());
              else
                layerWatch = Stopwatch();
            }))
      return std::move(error);

    profile.peak = std::max(profile.peak, measurePeak(model));
  }
  profile.layers = groupLayers(info, seconds);
  return profile;
}

static void writeProfile(json::OStream &json, const LoadedModel &model,
                         const Profile &profile) {
  writeModel(json, model);
  json.attribute("rounds", profile.rounds);
  writeNumber(json, "network_ms", 1e3 * profile.networkSeconds);
  writeNumber(json, "layers_ms", 1e3 * profile.layerSeconds());
  writeNumber(json, "peak_gflops",
              profile.peak > 0 ? 1e-9 * profile.peak : NAN);
  json.attributeArray("layers", [&] {
    for (const ProfiledLayer &layer : profile.layers)
      json.object([&] {
        json.attribute("name", json::fixUTF8(layer.name));
        json.attribute("shape", layer.shape);
        json.attribute("algorithm", mobileone_algorithm_name(layer.algorithm));
        json.attribute("multiply_adds", layer.multiplyAdds);
        json.attribute("result_bytes", layer.resultBytes);
        writeNumber(json, "min_ms", 1e3 * layer.seconds);
        writeNumber(json, "gflops", 1e-9 * layer.speed());
      });
  });
}

Error profile(LoadedModel &model, StringRef path, uint32_t rounds,
              OutputSet &outputs, bool json) {
  if (Error error = checkInstrument(model.info()))
    return error;
  Expected<Profile> measured = measure(model, rounds);
  if (!measured)
    return measured.takeError();
  if (Error error = outputs.write(path, makeProfilePage(*measured)))
    return error;

  if (json) {
    printJson([&](json::OStream &json) {
      json.object([&] { writeProfile(json, model, *measured); });
    });
    return Error::success();
  }
  print("{}, {} rounds, {}\n", measured->model, rounds,
        describeThreads(measured->threads));
  print("layers   {:.3f} ms together, {:.1f} % of the network's {:.3f} ms "
        "without callbacks\n",
        1e3 * measured->layerSeconds(),
        100 * measured->layerSeconds() / measured->networkSeconds,
        1e3 * measured->networkSeconds);
  return Error::success();
}

} // namespace mobileone::run
