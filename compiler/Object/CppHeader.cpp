// Text of the C++ header beside an object.
#include "compiler/Object/CppHeader.h"

#include "compiler/Object/Header.h"
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

llvm::Error mobileone::checkNamespace(llvm::StringRef prefix) {
  if (!llvm::is_contained(llvm::split(kNoNamespaces, ' '), prefix))
    return llvm::Error::success();
  return llvm::createStringError("expects another prefix than '" + prefix +
                                 "' for --also=hpp: it names a namespace, "
                                 "which C++ cannot have");
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
 *   std::array<float, {p}::output_length> output;
 *   if (std::error_code error = net->run(image, output))
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
  static constexpr std::size_t input_length =
      {upper}_INPUT_BYTES / sizeof(element);
  static constexpr std::size_t output_length = {upper}_OUTPUT_LEN;
  static constexpr std::size_t image_length = input_length / batch;
  static constexpr std::size_t result_length = output_length / batch;

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

using model = ::mobileone::v1::model<network>;
using input_span = model::input_span;
using output_span = model::output_span;
using ::mobileone::v1::call_options;
using ::mobileone::v1::cancel_flag;
using ::mobileone::v1::external_weights;
using ::mobileone::v1::task;
using ::mobileone::v1::worker_set;

/* Images of one run(), their elements, and the floats that it gives. */
inline constexpr std::uint32_t batch = network::batch;
inline constexpr std::size_t input_length = network::input_length;
inline constexpr std::size_t output_length = network::output_length;
/* The same of one image. */
inline constexpr std::size_t image_length = network::image_length;
inline constexpr std::size_t result_length = network::result_length;

inline constexpr mobileone_input_layout input_layout = {upper}_INPUT_LAYOUT;
inline constexpr mobileone_channel_order channel_order = {upper}_CHANNEL_ORDER;
inline constexpr std::uint32_t height = {upper}_INPUT_HEIGHT;
inline constexpr std::uint32_t width = {upper}_INPUT_WIDTH;
inline constexpr std::uint32_t channels = image_length / height / width;
{normalization}{output_shape}inline constexpr bool is_softmax = {upper}_SOFTMAX;

}} // namespace {p}

#endif /* MOBILEONE_CPP_HEADER_OF_{p} */
)";

/// The dimensions of a feature map.
static std::string formatOutputShape(const ModelInfo &model,
                                     const std::string &upper) {
  if (!model.info.output_height)
    return "";
  return fmt::format(
      "inline constexpr std::uint32_t output_channels = {0}_OUTPUT_CHANNELS;\n"
      "inline constexpr std::uint32_t output_height = {0}_OUTPUT_HEIGHT;\n"
      "inline constexpr std::uint32_t output_width = {0}_OUTPUT_WIDTH;\n",
      upper);
}

/// What happens to an image's values, or should.
static std::string formatNormalization(const ModelInfo &model,
                                       const std::string &upper) {
  if (model.info.std[0] == 0)
    return "";
  return fmt::format(
      "inline constexpr std::array<float, 3> mean = {0}_MEAN;\n"
      "inline constexpr std::array<float, 3> standard_deviation = {0}_STD;\n",
      upper);
}

std::string mobileone::formatCppHeader(const ModelInfo &model,
                                       llvm::StringRef prefix,
                                       llvm::StringRef source,
                                       llvm::StringRef header) {
  const mobileone_model_info &info = model.info;
  std::string upper = prefix.upper();
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
      fmt::arg("output_shape", formatOutputShape(model, upper)));
}
