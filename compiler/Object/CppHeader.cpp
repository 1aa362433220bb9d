// Text of the C++ header beside an object.
#include "compiler/Object/CppHeader.h"

#include "compiler/Object/Header.h"
#include "compiler/Object/Outputs.h"
#include "compiler/Object/Wrapper.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/YAMLParser.h"
#include <fmt/format.h>

using namespace mobileone;

/// Keywords of C++ up to C++26, and what else cannot be a namespace: macros of
/// compilers on Linux, and names that the standard keeps.
static constexpr llvm::StringLiteral kNoNamespaces =
    "alignas alignof and and_eq asm auto bitand bitor bool break case "
    "catch char char16_t char32_t char8_t class co_await co_return "
    "co_yield compl concept const const_cast consteval constexpr constinit "
    "continue contract_assert decltype default delete do double "
    "dynamic_cast else enum explicit export extern false float for friend "
    "goto if inline int linux long main mutable namespace new noexcept not "
    "not_eq nullptr operator or or_eq private protected public register "
    "reinterpret_cast requires return short signed sizeof static "
    "static_assert static_cast std struct switch template this "
    "thread_local throw true try typedef typeid typename union unix "
    "unsigned using virtual void volatile wchar_t while xor xor_eq";

static bool isNamespace(llvm::StringRef name) {
  return !llvm::is_contained(llvm::split(kNoNamespaces, ' '), name);
}

llvm::Error mobileone::checkNamespace(llvm::StringRef prefix) {
  if (isNamespace(prefix))
    return llvm::Error::success();
  return llvm::createStringError("expects another prefix than '" + prefix +
                                 "' for --also=hpp: it names a namespace, "
                                 "which C++ cannot have");
}

llvm::Error mobileone::checkOutputNames(const ModelInfo &model) {
  for (const mobileone_output_info &output : model.outputs) {
    std::string name = getIdentifier(output);
    if (!isNamespace(name) || llvm::isDigit(name.front()))
      return llvm::createStringError("--also=hpp expects another name of a "
                                     "result than '" +
                                     name +
                                     "': it names a namespace, which C++ "
                                     "cannot have");
  }
  return llvm::Error::success();
}

llvm::Error mobileone::checkIncludedName(llvm::StringRef header) {
  if (header.find_first_of("\"\\\n\r") == llvm::StringRef::npos)
    return llvm::Error::success();
  return llvm::createStringError(
      "--also=hpp expects -o NAME.o without quotes, backslashes and line "
      "ends, since it includes NAME.h, but got '" +
      llvm::yaml::escape(header) + "'");
}

/// `{upper}` and the like stand for what the model gives.
static constexpr const char *kTemplate = R"(/* {file_comment}
 *
 * C++17, without exceptions and run-time types. Sizes are checked when an app
 * is compiled, and everything else is as {header} says:
 *
 *   auto net = {p}::model::create({weights});
 *   if (!net)
 *     return fail(net.error().message());
 *   static {element} image[{p}::input_length];
{buffers} *   if (std::error_code error = net->run(image, {arguments}))
 *     return fail(error.message());
 */
#ifndef MOBILEONE_CPP_HEADER_OF_{p}
#define MOBILEONE_CPP_HEADER_OF_{p}

#include "{header}"

{wrapper}
namespace {p} {{

/* What ::mobileone::v1::model needs of {header}. */
struct network {{
  using element = {element};
  static constexpr bool has_external_weights = {has_external_weights};
  static constexpr std::uint32_t batch = {upper}_BATCH;
{size}
  static int run_ex(const mobileone_call *call) noexcept {{
    return ::{p}_run_ex(call);
  }}
  static std::size_t arena_bytes(std::uint32_t images,
                                 std::uint32_t workers) noexcept {{
    return ::{p}_arena_bytes(images, workers);
  }}
  static const mobileone_model_info *info() noexcept {{ return ::{p}_info(); }}
  static std::uint32_t isa() noexcept {{ return ::{p}_isa(); }}
}};
{sizes}
using model = ::mobileone::v1::model<network>;
using input_span = model::input_span;
using ::mobileone::v1::call_options;
using ::mobileone::v1::cancel_flag;
using ::mobileone::v1::external_weights;
using ::mobileone::v1::task;
using ::mobileone::v1::worker_set;

/* Images of one run(), and their elements. */
inline constexpr std::uint32_t batch = network::batch;
inline constexpr std::size_t input_length = network::input_length;
/* Elements of one image. */
inline constexpr std::size_t image_length = network::image_length;

inline constexpr mobileone_input_layout input_layout = {upper}_INPUT_LAYOUT;
inline constexpr mobileone_channel_order channel_order = {upper}_CHANNEL_ORDER;
inline constexpr std::uint32_t height = network::height;
inline constexpr std::uint32_t width = network::width;
inline constexpr std::uint32_t channels = image_length / height / width;
{normalization}{outputs}
}} // namespace {p}

#endif /* MOBILEONE_CPP_HEADER_OF_{p} */
)";

/// The constants of one output, whose names begin with `prefix`.
static std::string formatOutput(const mobileone_output_info &output,
                                const std::string &prefix,
                                const std::string &macro) {
  std::string text =
      fmt::format("inline constexpr mobileone_output_kind {}kind = {}_KIND;\n",
                  prefix, macro);
  if (output.kind != MOBILEONE_FEATURES)
    return text;
  text += fmt::format(
      "inline constexpr mobileone_map_layout {}layout = {}_LAYOUT;\n", prefix,
      macro);
  for (const char *name : {"channels", "height", "width", "stride"})
    text += fmt::format("inline constexpr std::uint32_t {}{} = {}_{};\n",
                        prefix, name, macro, llvm::StringRef(name).upper());
  return text;
}

static std::string formatOutputs(const ModelInfo &model,
                                 const std::string &upper) {
  if (model.outputs.size() == 1)
    return "/* Floats that one run() gives, and of one image. */\n"
           "inline constexpr std::size_t output_length = " +
           upper +
           "_OUTPUT_LEN;\n"
           "using output_span = model::output_spans;\n"
           "inline constexpr std::size_t result_length = output_length / "
           "batch;\n" +
           formatOutput(model.outputs.front(), "output_",
                        getOutputMacro(model, model.outputs.front(), upper));
  std::string text =
      "/* Of each output: its place, floats that one run() gives, and of one "
      "image. */\n"
      "using output_spans = model::output_spans;\n"
      "namespace outputs {\n";
  for (const mobileone_output_info &output : model.outputs) {
    std::string macro = getOutputMacro(model, output, upper);
    text += fmt::format("namespace {0} {{\n"
                        "inline constexpr std::size_t index = {1}_INDEX;\n"
                        "inline constexpr std::size_t length = {1}_LEN;\n"
                        "inline constexpr std::size_t result_length = length / "
                        "batch;\n"
                        "{2}}} // namespace {0}\n",
                        getIdentifier(output), macro,
                        formatOutput(output, "", macro));
  }
  return text + "} // namespace outputs\n";
}

/// The buffers of an example, and how it hands them over.
static std::pair<std::string, std::string> formatBuffers(const ModelInfo &model,
                                                         const std::string &p) {
  if (model.outputs.size() == 1)
    return {" *   std::array<float, " + p + "::output_length> output;\n",
            "output"};
  std::string buffers, names;
  for (const mobileone_output_info &output : model.outputs) {
    std::string name = getIdentifier(output);
    buffers += fmt::format(
        " *   static float {0}[{1}::outputs::{0}::length];\n", name, p);
    names += (names.empty() ? "" : ", ") + name;
  }
  return {buffers, "{" + names + "}"};
}

/// Floats of one image, output by output.
static std::string formatResultLengths(const ModelInfo &model,
                                       const std::string &upper) {
  return fmt::format(
      "{}", fmt::join(llvm::map_range(model.outputs,
                                      [&](const mobileone_output_info &output) {
                                        return getOutputMacro(model, output,
                                                              upper) +
                                               "_LEN / batch";
                                      }),
                      ", "));
}

/// What a type says of an image size whose macros begin with `upper`.
static std::string formatSize(const ModelInfo &model,
                              const std::string &upper) {
  return fmt::format(
      R"(  static constexpr std::uint32_t height = {0}_INPUT_HEIGHT;
  static constexpr std::uint32_t width = {0}_INPUT_WIDTH;
  static constexpr std::size_t input_length =
      {0}_INPUT_BYTES / sizeof(element);
  static constexpr std::size_t image_length = input_length / batch;
  /* Of each output. */
  static constexpr std::size_t result_lengths[] = {{{1}}};
)",
      upper, formatResultLengths(model, upper));
}

/// The types of all sizes where there are several, for run() and run_batch().
static std::string formatSizeTypes(const ModelInfo &model,
                                   const std::string &upper) {
  if (model.otherSizes.empty())
    return "";
  std::string text = "\n/* Image sizes of model::run<>() and "
                     "model::run_batch<>(). */\n";
  for (const ModelInfo *size : model.getSizes())
    text += fmt::format("struct size_{}x{} : network {{\n{}}};\n",
                        size->info.input_height, size->info.input_width,
                        formatSize(*size, getSizeMacro(*size, upper)));
  return text;
}

/// What happens to an image's values, or should.
static std::string formatNormalization(const ModelInfo &model,
                                       const std::string &upper) {
  if (model.getStd().empty())
    return "";
  return fmt::format(
      "inline constexpr std::array<float, {1}> mean = {0}_MEAN;\n"
      "inline constexpr std::array<float, {1}> standard_deviation = {0}_STD;\n",
      upper, model.getStd().size());
}

std::string mobileone::formatCppHeader(const ModelInfo &model,
                                       llvm::StringRef prefix,
                                       llvm::StringRef source,
                                       llvm::StringRef header) {
  const mobileone_model_info &info = model.info;
  std::string upper = prefix.upper();
  auto [buffers, arguments] = formatBuffers(model, prefix.str());
  return fmt::format(
      kTemplate,
      fmt::arg("file_comment", formatTitle(model, kCppHeaderMark, source)),
      fmt::arg("p", prefix.str()), fmt::arg("upper", upper),
      fmt::arg("header", header.str()), fmt::arg("wrapper", kWrapper),
      fmt::arg("has_external_weights", info.external_weights != 0),
      fmt::arg("weights", info.external_weights ? "{data, bytes}" : ""),
      fmt::arg("element", info.input_layout == MOBILEONE_U8_NHWC
                              ? "std::uint8_t"
                              : "float"),
      fmt::arg("normalization", formatNormalization(model, upper)),
      fmt::arg("outputs", formatOutputs(model, upper)),
      fmt::arg("size", formatSize(model, upper)),
      fmt::arg("sizes", formatSizeTypes(model, upper)),
      fmt::arg("buffers", buffers), fmt::arg("arguments", arguments));
}
