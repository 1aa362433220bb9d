// What --mean and --std say, of both tools.
#include "compiler/Import/Normalization.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

using namespace llvm;
using namespace mobileone;

using Values = std::vector<double>;

std::optional<double> mobileone::parseFloat(StringRef text) {
  // LLVM's reader takes "inf", "nan" and hexadecimal digits, too.
  double value;
  if (text.find_first_not_of("0123456789+-.eE") != StringRef::npos ||
      text.getAsDouble(value) ||
      !(value == 0 || std::isnormal(static_cast<float>(value))))
    return std::nullopt;
  return value;
}

/// As many as there are colours.
static constexpr size_t kMost = 3;

static Expected<Values> parseValues(StringRef flag, StringRef text,
                                    size_t least) {
  SmallVector<StringRef> items;
  text.split(items, ',');
  Values values(items.size());
  if (items.size() < least || items.size() > kMost)
    return createStringError(fmt::format(
        "--{} expects {}{} numbers with commas between, but got '{}'",
        flag.str(), least == kMost ? "" : fmt::format("{} to ", least), kMost,
        text.str()));
  for (auto [item, value] : zip_equal(items, values))
    if (std::optional<double> number = parseFloat(item.trim()))
      value = *number;
    else
      return createStringError(fmt::format(
          "--{} expects numbers that a float can hold, but got '{}'",
          flag.str(), item.str()));
  return values;
}

static std::string format(const Values &values) {
  return fmt::format("{}", fmt::join(values, ","));
}

/// 57.12 / 255 is 0.224, to the digit that was meant: the object is the same
/// as that of the numbers in 0..1.
static Values divide(const Values &values) {
  Values quotients(values.size());
  for (auto [value, quotient] : zip_equal(values, quotients))
    quotient =
        std::strtod(fmt::format("{:.15g}", value / 255).c_str(), nullptr);
  return quotients;
}

static Error checkRange(const Normalization &given) {
  for (double mean : given.mean)
    if (!(mean >= 0 && mean <= 255))
      return createStringError(fmt::format(
          "--mean expects numbers of pixels in 0..1 or 0..255, but got {}",
          mean));
  for (double std : given.std)
    if (!(std > 0))
      return createStringError(
          fmt::format("--std expects numbers above 0, but got {}", std));
  return Error::success();
}

/// Of pixels in 0..255 no mean but 0 and no deviation is below 1.
static Error checkUnits(const Normalization &given, bool hasMean, bool hasStd) {
  std::string rule = "--mean and --std expect the same units: numbers above 1 "
                     "are of pixels in 0..255";
  if (!hasMean || !hasStd)
    return createStringError(fmt::format(
        "{}, but got only --{}={}, which is {} in 0..1", rule,
        hasMean ? "mean" : "std", format(hasMean ? given.mean : given.std),
        format(divide(hasMean ? given.mean : given.std))));
  auto isBelowOne = [](double value) { return value < 1; };
  if (any_of(given.mean, [](double mean) { return mean > 0 && mean < 1; }) ||
      any_of(given.std, isBelowOne))
    return createStringError(fmt::format("{}, but got --mean={} --std={}", rule,
                                         format(given.mean),
                                         format(given.std)));
  return Error::success();
}

Expected<Normalization>
mobileone::parseNormalization(std::optional<StringRef> mean,
                              std::optional<StringRef> std, size_t least,
                              std::string &remark) {
  Normalization given;
  for (auto [flag, text, values] :
       {std::tuple("mean", mean, &given.mean), {"std", std, &given.std}}) {
    if (!text)
      continue;
    Expected<Values> parsed = parseValues(flag, *text, least);
    if (!parsed)
      return parsed.takeError();
    *values = *parsed;
  }
  if (given.mean.size() != given.std.size())
    return createStringError(fmt::format(
        "--mean and --std expect as many numbers as each other, but got {} "
        "and {}",
        given.mean.size(), given.std.size()));
  if (Error error = checkRange(given))
    return std::move(error);
  auto isAboveOne = [](double value) { return value > 1; };
  if (none_of(given.mean, isAboveOne) && none_of(given.std, isAboveOne))
    return given;
  if (Error error = checkUnits(given, mean.has_value(), std.has_value()))
    return std::move(error);
  Normalization divided = {divide(given.mean), divide(given.std)};
  remark = fmt::format("--mean and --std are of pixels in 0..255, and become "
                       "--mean={} --std={}",
                       format(divided.mean), format(divided.std));
  return divided;
}
