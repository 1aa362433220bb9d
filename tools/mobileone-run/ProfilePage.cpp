// The page that shows where a model's time goes.
#include "ProfilePage.h"
#include "Peak.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

double Profile::layerSeconds() const {
  double sum = 0;
  for (const ProfiledLayer &layer : layers)
    sum += layer.seconds;
  return sum;
}

static std::string escape(StringRef text) {
  std::string escaped;
  raw_string_ostream stream(escaped);
  printHTMLEscaped(text, stream);
  return escaped;
}

namespace {

struct Bar {
  std::string name;
  double value;
  std::string text; // the value with its unit
};

} // namespace

/// One horizontal bar for each layer; `full` is the value of the longest that
/// fits.
static std::string drawBars(StringRef title, ArrayRef<Bar> bars, double full) {
  constexpr int rowHeight = 18, barHeight = 13, nameWidth = 280, barWidth = 480,
                textWidth = 120;
  std::string svg =
      fmt::format("<h2>{}</h2>\n<svg width=\"{}\" height=\"{}\" role=\"img\" "
                  "aria-label=\"{}\">\n",
                  title.str(), nameWidth + barWidth + textWidth,
                  rowHeight * bars.size(), title.str());
  int top = 0;
  for (const Bar &bar : bars) {
    const double width = full > 0 ? barWidth * bar.value / full : 0;
    const int baseline = top + barHeight - 2;
    svg += fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>"
        "<rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>"
        "<text x=\"{:.1f}\" y=\"{}\">{}</text>\n",
        nameWidth - 6, baseline, escape(bar.name), nameWidth, top, width,
        barHeight, nameWidth + width + 6, baseline, bar.text);
    top += rowHeight;
  }
  return svg + "</svg>\n";
}

static std::string drawTimes(const Profile &profile) {
  std::vector<Bar> bars;
  double longest = 0;
  for (const ProfiledLayer &layer : profile.layers) {
    bars.push_back({layer.name, layer.seconds,
                    fmt::format("{:.2f} us", 1e6 * layer.seconds)});
    longest = std::max(longest, layer.seconds);
  }
  return drawBars("Time", bars, longest);
}

static std::string drawShares(const Profile &profile) {
  std::vector<Bar> bars;
  double most = 1;
  for (const ProfiledLayer &layer : profile.layers) {
    const double share = layer.speed() / profile.peak;
    bars.push_back({layer.name, share, fmt::format("{:.1f} %", 100 * share)});
    most = std::max(most, share);
  }
  return drawBars("Share of the multiply-add peak", bars, most);
}

static std::string makeRow(const ProfiledLayer &layer, const Profile &profile) {
  std::string row = fmt::format(
      "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{:.2f}</td>"
      "<td>{:.1f}</td><td>{:.3f}</td><td>{:.1f}</td>",
      escape(layer.name), layer.shape,
      mobileone_algorithm_name(layer.algorithm), 1e6 * layer.seconds,
      100 * layer.seconds / profile.layerSeconds(), 1e-6 * layer.multiplyAdds,
      1e-9 * layer.speed());
  if (profile.peak > 0)
    row += fmt::format("<td>{:.1f}</td>", 100 * layer.speed() / profile.peak);
  return row + fmt::format("<td>{}</td></tr>\n", layer.resultBytes);
}

static std::string makeTable(const Profile &profile) {
  std::string table =
      "<h2>Layers</h2>\n<table>\n<tr><th>layer</th><th>result, HxWxC</th>"
      "<th>algorithm</th><th>us</th><th>% of time</th><th>M "
      "multiply-adds</th><th>GFLOP/s</th>";
  if (profile.peak > 0)
    table += "<th>% of peak</th>";
  table += "<th>result bytes</th></tr>\n";
  for (const ProfiledLayer &layer : profile.layers)
    table += makeRow(layer, profile);
  return table + "</table>\n";
}

std::string makeProfilePage(const Profile &profile) {
  const std::string model = escape(profile.model);
  std::string page = fmt::format(
      R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{0}</title>
<style>
body {{ font: 14px sans-serif; margin: 2em; }}
svg text {{ font-size: 12px; }}
rect {{ fill: #4477aa; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: 2px 10px; text-align: right; border-bottom: 1px solid #ccc; }}
</style>
</head>
<body>
<h1>{0}</h1>
<p>Least times of {1} rounds, {2}. The layers take {3:.3f} ms together,
the network without callbacks {4:.3f} ms. Layers joined by + are computed
together.</p>
)",
      model, profile.rounds, describeThreads(profile.threads),
      1e3 * profile.layerSeconds(), 1e3 * profile.networkSeconds);
  if (profile.peak > 0)
    page +=
        fmt::format("<p>Multiply-add peak of {} in this run: {:.1f} "
                    "GFLOP/s.</p>\n",
                    describePeakOwner(profile.threads), 1e-9 * profile.peak);
  page += drawTimes(profile);
  if (profile.peak > 0)
    page += drawShares(profile);
  return page + makeTable(profile) + "</body>\n</html>\n";
}

} // namespace mobileone::run
