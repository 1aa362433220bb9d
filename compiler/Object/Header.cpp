// Text of the C header beside an object.
#include "compiler/Object/Header.h"

#include "compiler/Machine/Target.h"
#include "compiler/Object/Outputs.h"
#include "compiler/Object/SharedTypes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"
#include <fmt/format.h>

using namespace mobileone;

/// "224 x 224, 448 x 448": a row for every four.
static std::string formatSizes(const ModelInfo &model) {
  std::string text;
  for (auto [i, size] : llvm::enumerate(model.getSizes()))
    text += fmt::format("{}{} x {}",
                        i == 0       ? ""
                        : i % 4 == 0 ? ",\n * "
                                     : ", ",
                        size->info.input_height, size->info.input_width);
  return text;
}

/// What the header says of the input's elements and their layout.
static std::string describeInput(const ModelInfo &model) {
  const mobileone_model_info &info = model.info;
  uint32_t channels = info.input_channels;
  switch (info.input_layout) {
  case MOBILEONE_F32_NHWC:
    return fmt::format("float [H][W][{}], normalized by the caller", channels);
  case MOBILEONE_U8_NHWC: {
    std::string order;
    if (model.getStd().size() == 3) // of colours
      order =
          fmt::format(", pixels in {} order{}", model.getOrderName().upper(),
                      channels == 4 ? ", alpha is not read" : "");
    return fmt::format("uint8_t [H][W][{}]{}; mean and\n * standard deviation "
                       "are applied inside",
                       channels, order);
  }
  default:
    return fmt::format("float [{}][H][W], normalized by the caller", channels);
  }
}

/// The constant of runtime/mobileone.h.
static std::string getLayoutConstant(const ModelInfo &model) {
  std::string constant = "MOBILEONE_" + model.getLayoutName().upper();
  llvm::replace(constant, '-', '_');
  return constant;
}

/// `{upper}` and the like stand for what the model gives.
static constexpr const char *kTemplate = R"(/* {file_comment} */
#ifndef MOBILEONE_HEADER_OF_{p}
#define MOBILEONE_HEADER_OF_{p}
#ifdef {upper}_BATCH
#error "the macros of {p} are those of another prefix, which differs in case only: include one of both headers, or compile with another --prefix"
#endif

{types}
/* Images of {call}, which the sizes below are of. */
#define {upper}_BATCH {batch}u
/* An image: {input}.
 * H = {height}, W = {width}. */
#define {upper}_INPUT_LAYOUT {layout}
#define {upper}_CHANNEL_ORDER MOBILEONE_{order}
#define {upper}_INPUT_BYTES {input_bytes}u
#define {upper}_INPUT_HEIGHT {height}u
#define {upper}_INPUT_WIDTH {width}u
{normalization}{outputs}/* Size and alignment of the arena. */
#define {upper}_ARENA_BYTES {arena_bytes}u
#define {upper}_ARENA_ALIGN 64u
{weights}/* What on_layer of a mobileone_call tells. */
#define {upper}_INSTRUMENT {instrument_kind}u
{other_batches}{sizes}
#ifdef __cplusplus
extern "C" {{
#endif

/* Names for the linker that only the object of the same compile has beside the
 * plain ones: this header does not link with another one's. */
#if defined(_MSC_VER) && !defined(__clang__)
#pragma comment(linker, "/include:{p}_run_ex_abi_{hash}")
#endif

/*
 * {call} {action} {images}.
 * 'input' holds {upper}_INPUT_BYTES bytes, {receives}
 * floats; all need the alignment of one element only.  'arena' is 64-byte
 * aligned, {upper}_ARENA_BYTES long, and may hold anything on entry.  The
 * buffers must not overlap.
 *
 * Returns 0 or a mobileone_error; {untouched}:
 *   MOBILEONE_NULL_BUFFER        a pointer is null
 *   MOBILEONE_MISALIGNED_BUFFER  a pointer is not aligned as said above
 *   MOBILEONE_UNSUPPORTED_CPU    {unsupported}
 *
 * Allocates nothing, starts no thread, calls no operating system, and may run
 * in many threads at once as long as each has its own 'output' and 'arena'.
 * {modes}  A NaN in the input gives NaN.
 */
{run}
/*
 * {p}_run_ex() does everything: any number of images per call,
 * {other_sizes}rows with gaps, work on the caller's threads, a level of one's own choice,
 * cancelling, and callbacks ({instrument}).
 * See mobileone_call above; a field that is not set is zero.  Buffers are as
 * said above, sizes are checked, and every reason to refuse is
 * found before any work, and told in call->detail.  Beyond the errors above:
 *   MOBILEONE_SHORT_BUFFER, MOBILEONE_BAD_BATCH, MOBILEONE_BAD_CALL,
 *   MOBILEONE_NOT_INSTRUMENTED, MOBILEONE_PARALLEL_FAILED, and
 *   MOBILEONE_CANCELLED from between layers.
 */
int {p}_run_ex(const mobileone_call *call)
    MOBILEONE_LABEL("{p}_run_ex_abi_{hash}");

/*
 * Bytes of arena that 'batch' images in one call with 'workers' tasks at once
 * need, a multiple of the alignment; 0 for what this object cannot do.  More
 * workers may need less: ask for each call.
 */
size_t {p}_arena_bytes(uint32_t batch, uint32_t workers)
    MOBILEONE_LABEL("{p}_arena_bytes_abi_{hash}");

/* What the object is; valid as long as the object is loaded. */
const mobileone_model_info *{p}_info(void)
    MOBILEONE_LABEL("{p}_info_abi_{hash}");

/* The mobileone_isa_level of the code that runs here, 0 if the CPU lacks it. */
uint32_t {p}_isa(void) MOBILEONE_LABEL("{p}_isa_abi_{hash}");

#ifdef __cplusplus
}}
#endif

#endif /* MOBILEONE_HEADER_OF_{p} */
)";

/// The declaration of P_run(), or why there is none.
static std::string formatRun(const ModelInfo &model, llvm::StringRef prefix) {
  if (model.hasSimpleRun())
    return fmt::format(
        "int {0}_run(const void *input, float *output, void *arena)\n"
        "    MOBILEONE_LABEL(\"{0}_run_abi_{1}\");\n",
        prefix.str(), model.getInterfaceHash());
  std::string text;
  if (model.outputs.size() != 1)
    text += fmt::format("/* There is no {}_run(): 'outputs' of a call has {} "
                        "buffers. */\n",
                        prefix.str(), model.outputs.size());
  if (model.info.external_weights)
    text += fmt::format(
        "/* There is no {0}_run(): 'weights' of a call is the content of the\n"
        " * file NAME.weights beside the object, 64-byte aligned; "
        "runtime/weights.h maps\n"
        " * and checks it.  A call checks how it begins: "
        "MOBILEONE_BAD_WEIGHTS. */\n",
        prefix.str());
  return text;
}

/// Numbers of C that give the same floats.
static std::string formatFloats(llvm::ArrayRef<float> values) {
  std::string text;
  for (float value : values) {
    std::string number = fmt::format("{}", value);
    bool isInteger = number.find_first_of(".e") == std::string::npos;
    text += (text.empty() ? "" : ", ") + number + (isInteger ? ".0f" : "f");
  }
  return text;
}

/// What happens to an image's values, or should.
static std::string formatNormalization(const ModelInfo &model,
                                       llvm::StringRef upper) {
  if (model.getStd().empty())
    return "";
  return fmt::format(
      "/* {}. For {}. */\n"
      "#define {}_MEAN {{{}}}\n"
      "#define {}_STD {{{}}}\n",
      model.info.input_layout == MOBILEONE_U8_NHWC
          ? "The object makes (byte / 255 - mean) / std of each byte"
          : "The network wants (value - mean) / std of values in 0..1, which "
            "the caller\n * makes",
      model.getStd().size() == 3 ? "red, green and blue" : "each channel",
      upper.str(), formatFloats(model.getMean()), upper.str(),
      formatFloats(model.getStd()));
}

/// Sizes of calls of P_run_ex on one thread, for buffers that are static. The
/// macros of an image size begin with `upper`.
static std::string formatOtherBatches(const ModelInfo &model,
                                      const ModelInfo &size,
                                      const std::string &upper,
                                      const std::string &prefix) {
  std::string text;
  auto formatLengths = [&](uint32_t batch) {
    std::string lengths;
    for (const mobileone_output_info &output : size.outputs)
      lengths += fmt::format("#define {}_LEN_BATCH{} {}u\n",
                             getOutputMacro(size, output, upper), batch,
                             batch * output.length);
    return lengths;
  };
  for (uint32_t batch : model.otherBatches)
    text += fmt::format(
        "\n/* The same for {2}_run_ex() with a batch of {0}, on one thread. "
        "*/\n"
        "#define {1}_INPUT_BYTES_BATCH{0} {3}u\n"
        "{4}"
        "#define {1}_ARENA_BYTES_BATCH{0} {5}u\n",
        batch, upper, prefix, batch * size.info.input_bytes,
        formatLengths(batch), model.getArenaBytes(batch));
  return text;
}

std::string mobileone::getSizeMacro(const ModelInfo &size,
                                    const std::string &upper) {
  return fmt::format("{}_SIZE_{}X{}", upper, size.info.input_height,
                     size.info.input_width);
}

/// What a call with each height and width takes and gives; nothing where there
/// is one size.
static std::string formatSizeMacros(const ModelInfo &model,
                                    const std::string &upper,
                                    const std::string &prefix) {
  if (model.otherSizes.empty())
    return "";
  std::string text =
      fmt::format("\n/* Image sizes, by height and width of a call of "
                  "{}_run_ex(): what is said above\n"
                  " * of a size is of the first; the arena is one for all. */\n"
                  "#define {}_SIZE_COUNT {}u\n",
                  prefix, upper, model.getSizes().size());
  for (const ModelInfo *size : model.getSizes()) {
    std::string macro = getSizeMacro(*size, upper);
    text += fmt::format("\n/* {0} x {1}. */\n"
                        "#define {2}_INPUT_BYTES {3}u\n"
                        "#define {2}_INPUT_HEIGHT {0}u\n"
                        "#define {2}_INPUT_WIDTH {1}u\n"
                        "{4}{5}",
                        size->info.input_height, size->info.input_width, macro,
                        size->info.batch * size->info.input_bytes,
                        formatOutputSizes(*size, macro),
                        formatOtherBatches(model, *size, macro, prefix));
  }
  return text;
}

std::string mobileone::formatTitle(const ModelInfo &model, llvm::StringRef mark,
                                   llvm::StringRef source) {
  // A file name must neither end the comment nor begin another.
  std::string safe = source.str();
  for (char &c : safe)
    if (!llvm::isPrint(c) || c == '*' || c == '\\')
      c = '?';
  return fmt::format("MobileOne-{}: {} {} from {}; do not edit.",
                     llvm::StringRef(model.info.variant).upper(), mark.str(),
                     model.info.tool_version, safe);
}

std::string mobileone::formatHeader(const ModelInfo &model,
                                    llvm::StringRef prefix,
                                    llvm::StringRef source) {
  const mobileone_model_info &info = model.info;
  std::string levels = formatIsaLevels(info.isa_levels);
  llvm::StringRef lowest = llvm::StringRef(levels).split(',').first;
  bool isVirtual =
      findTarget(llvm::Triple(info.target))->getProcessor().isVirtual;
  const char *instrument =
      info.instrument == MOBILEONE_INSTRUMENT_LAYERS ? "on_layer tells when"
      : info.instrument == MOBILEONE_INSTRUMENT_TENSORS
          ? "on_layer tells when and what"
          : "not in this object:\n * it was compiled without --instrument";
  std::string upper = prefix.upper();
  bool isSingle = model.outputs.size() == 1;
  bool isClassifier =
      llvm::any_of(model.outputs, [](const mobileone_output_info &output) {
        return output.kind == MOBILEONE_LOGITS ||
               output.kind == MOBILEONE_SOFTMAX;
      });
  std::string comment =
      fmt::format("{}\n *\n"
                  " * Images of {} ({}), {}, code for {} ({}).",
                  formatTitle(model, kHeaderMark, source), formatSizes(model),
                  info.input_layout == MOBILEONE_U8_NHWC ? "bytes" : "floats",
                  info.precision, info.target, levels);
  return fmt::format(
      kTemplate, fmt::arg("file_comment", comment), fmt::arg("upper", upper),
      fmt::arg("types", kSharedTypes), fmt::arg("p", prefix.str()),
      fmt::arg("call",
               prefix.str() + (model.hasSimpleRun() ? "_run()" : "_run_ex()")),
      fmt::arg("run", formatRun(model, prefix)),
      fmt::arg("weights", info.external_weights
                              ? fmt::format("/* Size of NAME.weights. */\n"
                                            "#define {}_WEIGHTS_BYTES {}u\n",
                                            upper,
                                            sizeof(mobileone_weights_head) +
                                                info.weights_bytes)
                              : ""),
      fmt::arg("input", describeInput(model)),
      fmt::arg("order", model.getOrderName().upper()),
      fmt::arg("layout", getLayoutConstant(model)),
      fmt::arg("normalization", formatNormalization(model, upper)),
      fmt::arg("height", info.input_height),
      fmt::arg("width", info.input_width), fmt::arg("batch", info.batch),
      fmt::arg("images", info.batch == 1
                             ? "one image"
                             : fmt::format("{} images, which like their\n * "
                                           "results lie one after the other",
                                           info.batch)),
      fmt::arg("other_batches",
               formatOtherBatches(model, model, upper, prefix.str())),
      fmt::arg("other_sizes",
               model.otherSizes.empty() ? "" : "each image size, "),
      fmt::arg("sizes", formatSizeMacros(model, upper, prefix.str())),
      fmt::arg("input_bytes", info.batch * info.input_bytes),
      fmt::arg("outputs", formatOutputMacros(model, upper)),
      fmt::arg("action", isClassifier ? "classifies" : "finds the features of"),
      fmt::arg("receives",
               isSingle ? "'output' receives\n * " + upper + "_OUTPUT_LEN"
                        : "each of 'outputs' receives its\n * _LEN"),
      fmt::arg("untouched",
               isSingle ? "on an error 'output' is untouched"
                        : "on an error of before any work all outputs are "
                          "untouched,\n * on one of later some are written"),
      fmt::arg("instrument_kind", info.instrument),
      fmt::arg("arena_bytes", model.getArenaBytes(info.batch)),
      fmt::arg("unsupported", isVirtual ? "never: without " + levels +
                                              ", no engine takes the module"
                                        : "the CPU lacks " + lowest.str()),
      fmt::arg("modes",
               isVirtual
                   ? "Rounds to nearest, and computes with denormal numbers as "
                     "they are: no engine\n * can take them as zero."
                   : "Rounds to nearest and takes denormal numbers as zero, "
                     "whatever mode the\n * caller is in, and restores that "
                     "mode."),
      fmt::arg("instrument", instrument),
      fmt::arg("hash", model.getInterfaceHash()));
}

void mobileone::setInterfaceHash(ModelInfo &model, llvm::StringRef prefix) {
  model.info.interface_hash = 0;
  std::string header = formatHeader(model, prefix, /*source=*/"");
  std::string code;
  llvm::StringRef rest = header;
  while (!rest.empty()) {
    auto [before, comment] = rest.split("/*");
    code += before;
    rest = comment.split("*/").second;
  }
  model.info.interface_hash = llvm::xxh3_64bits(code);
  for (ModelInfo &other : model.otherSizes)
    other.info.interface_hash = model.info.interface_hash;
}
