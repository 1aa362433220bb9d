// Measures a model's latency against the peak of the threads that it runs on.
#include "Json.h"
#include "Modes.h"
#include "Peak.h"
#include "Stopwatch.h"
#include "compiler/Execution/ModelInput.h"

#include "tools/Output/Print.h"
#include "tools/Output/Progress.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

/// The element below which `share` of the sorted values lie.
static double quantile(ArrayRef<double> sorted, double share) {
  return sorted[static_cast<size_t>(share * (sorted.size() - 1) + 0.5)];
}

Error bench(LoadedModel &model, uint32_t rounds, bool json) {
  const mobileone_model_info &info = model.info();
  const ModelInput input = ModelInput::makeRandom(model, /*images=*/1);
  const ModelOutput output(model);

  // Once, as nothing may disturb the rounds.
  Progress progress;
  progress.show(fmt::format("measuring {} rounds", rounds));
  // The first run pays for page faults and the CPU's licence for wide vectors.
  if (Error error = model.run(input[0], output.pointers()))
    return error;
  measurePeak(model);

  // Model and peak in turn: both see the same clock and the same neighbours.
  std::vector<double> seconds;
  double peak = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    const Stopwatch modelWatch;
    if (Error error = model.run(input[0], output.pointers()))
      return error;
    seconds.push_back(modelWatch.seconds());

    peak = std::max(peak, measurePeak(model));
  }
  Progress::clear();
  std::sort(seconds.begin(), seconds.end());

  const double speed = 2.0 * info.multiply_adds / seconds.front();
  if (json) {
    printJson([&](json::OStream &json) {
      json.object([&] {
        writeModel(json, model);
        json.attribute("rounds", rounds);
        writeNumber(json, "min_ms", 1e3 * seconds.front());
        writeNumber(json, "median_ms", 1e3 * quantile(seconds, 0.5));
        writeNumber(json, "p99_ms", 1e3 * quantile(seconds, 0.99));
        writeNumber(json, "gflops", 1e-9 * speed);
        // Of no kernel for the peak, there is none.
        writeNumber(json, "peak_gflops", peak > 0 ? 1e-9 * peak : NAN);
        writeNumber(json, "share_of_peak", peak > 0 ? speed / peak : NAN);
      });
    });
    return Error::success();
  }
  print("{}, {} rounds, {}\n", model.describe(), rounds,
        describeThreads(model.threads()));
  print("latency  min {:.3f} ms, median {:.3f} ms, p99 {:.3f} ms\n",
        1e3 * seconds.front(), 1e3 * quantile(seconds, 0.5),
        1e3 * quantile(seconds, 0.99));
  print("speed    {:.1f} GFLOP/s", 1e-9 * speed);
  if (peak > 0)
    print(", {:.1f} % of {}{} {:.1f} GFLOP/s in this run", 100 * speed / peak,
          describePeakOwner(model.threads()), model.threads() == 1 ? "'s" : "'",
          1e-9 * peak);
  print("\n");
  return Error::success();
}

} // namespace mobileone::run
