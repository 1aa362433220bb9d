// What an object is made from: its input and the flags that matter.
#include "compiler/Driver/Origin.h"

#include "compiler/Driver/ImageSizes.h"
#include "compiler/Import/Network.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace mobileone;

std::string mobileone::digestInput(llvm::StringRef bytes) {
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes)),
                     /*LowerCase=*/true);
}

/// As a shell takes it.
static std::string quote(llvm::StringRef value) {
  auto isPlain = [](char c) {
    return llvm::isAlnum(c) || llvm::StringRef("_-./,:=+@%").contains(c);
  };
  if (llvm::all_of(value, isPlain))
    return value.str();
  std::string text = "'";
  for (char c : value)
    text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

namespace {

/// Flags of a command line, as they are added.
struct FlagText {
  void add(llvm::StringRef flag) { flags.push_back("--" + flag.str()); }
  void add(llvm::StringRef flag, llvm::StringRef value) {
    add((flag + "=" + quote(value)).str());
  }
  std::vector<std::string> flags;
};

} // namespace

static void addNetwork(FlagText &text, const CompileRequest &request) {
  const ImportOptions &import = request.import;
  const ImportOptions none;
  // Of a known variant the file itself says as much.
  if (llvm::StringRef(import.variant).ends_with(".json"))
    text.add("variant", llvm::sys::path::filename(import.variant));
  if (!request.imageSizes.empty())
    text.add("image-size", formatSizes(request.imageSizes));
  else if (!(import.imageSize == none.imageSize))
    text.add("image-size", import.imageSize.format());
  if (import.input == InputLayout::F32NHWC)
    text.add("input", "f32-nhwc");
  if (import.input == InputLayout::U8NHWC)
    text.add("input", "u8-nhwc");
  if (import.order != none.order)
    text.add("channels", stringifyChannelOrder(import.order));
  if (!(import.normalization == none.normalization)) {
    text.add("mean",
             fmt::format("{}", fmt::join(import.normalization.mean, ",")));
    text.add("std",
             fmt::format("{}", fmt::join(import.normalization.std, ",")));
  }
  if (!import.outputs.empty())
    text.add("output", formatOutputs(import.outputs));
  if (import.featureLayout != none.featureLayout)
    text.add("feature-layout", "nhwc");
  if (import.key)
    text.add("key", *import.key);
  if (import.stripPrefix)
    text.add("strip-prefix", *import.stripPrefix);
  if (!import.heads.empty())
    text.add("heads", formatHeads(import.heads));
  if (import.bnEpsilon)
    text.add("bn-epsilon", fmt::format("{}", *import.bnEpsilon));
  if (import.allowNonFinite)
    text.add("allow-non-finite");
}

std::string mobileone::formatFlags(const CompileRequest &request) {
  FlagText text;
  addNetwork(text, request);
  if (!request.tensors.empty())
    text.add("tensors", llvm::sys::path::filename(request.tensors));
  if (!request.passes.empty())
    text.add("pass-pipeline", request.passes);
  if (request.batches != CompileRequest().batches)
    text.add("batch", fmt::format("{}", fmt::join(request.batches, ",")));
  if (request.target) {
    text.add("target", request.target->name);
    if (request.levels !=
        request.target->getDefaultLevels(request.isQuantized()))
      text.add("isa", llvm::join(llvm::map_range(request.levels,
                                                 [](const IsaLevel *level) {
                                                   return level->name;
                                                 }),
                                 ","));
  }
  if (request.isQuantized()) {
    text.add("precision", "int8");
    text.add("calibrate", request.calibrationName);
    const QuantizeOptions &own = request.quantization, none;
    if (own.budgetLayers != none.budgetLayers ||
        own.budgetShare != none.budgetShare)
      text.add("int8-budget",
               fmt::format("{},{}", own.budgetLayers, 100 * own.budgetShare));
  }
  if (request.instrument == Instrument::Layers)
    text.add("instrument", "layers");
  if (request.instrument == Instrument::Tensors)
    text.add("instrument", "tensors");
  if (request.algorithm == Algorithm::Classical)
    text.add("algorithm", "classical");
  if (request.algorithm == Algorithm::Strassen)
    text.add("algorithm", "strassen");
  if (request.algorithm == Algorithm::Strassen2)
    text.add("algorithm", "strassen2");
  if (request.weights == WeightsPlace::External)
    text.add("weights", "external");
  if (!request.prefix.empty())
    text.add("prefix", request.prefix);
  if (!request.schedule.empty())
    text.add("schedule", llvm::sys::path::filename(request.schedule));
  if (request.tune)
    text.add("tune");
  return llvm::join(text.flags, " ");
}

Origin mobileone::describeOrigin(const CompileRequest &request) {
  return {request.source, request.sourceSha256, formatFlags(request)};
}
