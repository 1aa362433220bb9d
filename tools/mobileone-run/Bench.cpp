// Measures a model's latency against the peak of the core that it runs on.
#include "ModelInput.h"
#include "Modes.h"
#include "PeakKernel.h"
#include "Stopwatch.h"

#include <algorithm>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

/// The element below which `share` of the sorted values lie.
static double quantile(ArrayRef<double> sorted, double share) {
  return sorted[static_cast<size_t>(share * (sorted.size() - 1) + 0.5)];
}

Error bench(LoadedModel &model, uint32_t rounds) {
  const mobileone_model_info &info = model.info();
  const ModelInput input = ModelInput::makeRandom(model, /*images=*/1);
  std::vector<float> output(info.output_length);

  // The first run pays for page faults and the CPU's licence for wide vectors.
  if (Error error = model.run(input[0], output.data()))
    return error;
  mobileone_peak_run(model.isa());

  // Model and peak in turn: both see the same clock and the same neighbours.
  std::vector<double> seconds;
  double peak = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    const Stopwatch modelWatch;
    if (Error error = model.run(input[0], output.data()))
      return error;
    seconds.push_back(modelWatch.seconds());

    const Stopwatch peakWatch;
    const double operations = mobileone_peak_run(model.isa());
    peak = std::max(peak, operations / peakWatch.seconds());
  }
  std::sort(seconds.begin(), seconds.end());

  const double speed = 2.0 * info.multiply_adds / seconds.front();
  fmt::print("{}, {} rounds, one thread\n", model.describe(), rounds);
  fmt::print("latency  min {:.3f} ms, median {:.3f} ms, p99 {:.3f} ms\n",
             1e3 * seconds.front(), 1e3 * quantile(seconds, 0.5),
             1e3 * quantile(seconds, 0.99));
  fmt::print("speed    {:.1f} GFLOP/s", 1e-9 * speed);
  if (peak > 0)
    fmt::print(", {:.1f} % of the core's {:.1f} GFLOP/s in this run",
               100 * speed / peak, 1e-9 * peak);
  fmt::print("\n");
  return Error::success();
}

} // namespace mobileone::run
