// Opens a checkpoint, checks the numbers in it, and reports what is wrong.
#include "compiler/Import/Importer.h"

#include "compiler/Import/ModuleBuilder.h"
#include "compiler/Import/Refusal.h"
#include "compiler/Import/Search.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectInterface.h"
#include <cmath>
#include <fmt/format.h>

using namespace llvm;
using namespace mobileone;

static constexpr int64_t kMinImageSize = 32;
/// Keeps the size of every activation far from overflow.
static constexpr int64_t kMaxImageSize = 1 << 14;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

namespace {

/// Keeps files alive as long as the context, in which attributes borrow weights
/// from them.
class BorrowedFiles : public mlir::DialectInterface::Base<BorrowedFiles> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BorrowedFiles)

  explicit BorrowedFiles(mlir::Dialect *dialect) : Base(dialect) {}

  std::vector<std::unique_ptr<MemoryBuffer>> files;
};

} // namespace

static void keepAlive(std::unique_ptr<MemoryBuffer> file,
                      mlir::MLIRContext *context) {
  mlir::Dialect *dialect = context->getLoadedDialect<MobileOneDialect>();
  auto *borrowed = dialect->getRegisteredInterface<BorrowedFiles>();
  if (!borrowed)
    borrowed = &dialect->addInterface<BorrowedFiles>();
  borrowed->files.push_back(std::move(file));
}

static Error checkValues(const FilledSlot &filled, ArrayRef<float> values,
                         bool allowNonFinite) {
  const std::string &name = filled.tensor->name;
  bool isVariance = StringRef(filled.slot.name).ends_with(".variance");
  for (auto [i, value] : enumerate(values)) {
    if (!allowNonFinite && !std::isfinite(value))
      return refuse(name, "expects finite numbers (--allow-non-finite takes "
                          "others), but got " +
                              Twine(std::isnan(value) ? "NaN" : "infinity") +
                              " at element " + Twine(i));
    if (isVariance && value < 0)
      return refuse(name, "expects running variances of at least 0, but got " +
                              fmt::format("{}", value) + " at element " +
                              Twine(i));
  }
  return Error::success();
}

static Expected<StringMap<ImportedWeights>>
importWeights(const MatchedNetwork &matched, bool allowNonFinite,
              mlir::Location fileLoc) {
  mlir::MLIRContext *context = fileLoc.getContext();
  StringMap<ImportedWeights> weights;
  std::vector<float> scratch;
  for (const FilledSlot &filled : matched.slots) {
    ArrayRef<float> values = readElements(*filled.tensor, scratch);
    if (Error error = checkValues(filled, values, allowNonFinite))
      return std::move(error);
    ArrayRef<int64_t> shape =
        ArrayRef(filled.slot.shape).take_front(filled.slot.rank);
    bool isInFile = values.data() != scratch.data();
    mlir::ElementsAttr attr =
        isInFile ? borrowWeights(context, shape, values, filled.slot.name)
                 : makeWeights(context, shape, values, filled.slot.name);
    mlir::Location loc = mlir::NameLoc::get(
        mlir::StringAttr::get(context, filled.tensor->name), fileLoc);
    weights.try_emplace(filled.slot.name, ImportedWeights{attr, loc});
  }
  return weights;
}

//===----------------------------------------------------------------------===//
// Import
//===----------------------------------------------------------------------===//

std::string ImageSize::format() const {
  return fmt::format("{}x{}", height, width);
}

std::optional<ImageSize> ImageSize::parse(StringRef text) {
  auto [height, width] = text.split('x');
  ImageSize size;
  if (height.getAsInteger(10, size.height) ||
      width.getAsInteger(10, size.width) || size.height < 1 || size.width < 1)
    return std::nullopt;
  return size;
}

static Error checkOptions(const ImportOptions &options) {
  for (int64_t extent : {options.imageSize.height, options.imageSize.width})
    if (extent < kMinImageSize || extent > kMaxImageSize)
      return refuse("image size", "expects height and width in " +
                                      Twine(kMinImageSize) + ".." +
                                      Twine(kMaxImageSize) + ", but got " +
                                      options.imageSize.format());
  for (double deviation : options.normalization.std)
    if (!(deviation > 0) || std::isinf(deviation))
      return refuse("std", "expects finite numbers above 0, but got " +
                               fmt::format("{}", deviation));
  return Error::success();
}

/// The batch norms' epsilon, which no checkpoint stores.
static Error setEpsilon(NetworkSpec &network, const ImportOptions &options) {
  if (!options.bnEpsilon)
    return Error::success();
  double epsilon = *options.bnEpsilon;
  if (!(epsilon > 0) || std::isinf(epsilon))
    return refuse(
        "bn-epsilon",
        fmt::format("expects a finite number above 0, but got {}", epsilon));
  if (network.bnEpsilon && *network.bnEpsilon != epsilon)
    return refuse("bn-epsilon",
                  fmt::format("expects the number of --variant's file, {}, but "
                              "got {} (give one of both)",
                              *network.bnEpsilon, epsilon));
  network.bnEpsilon = epsilon;
  return Error::success();
}

/// What first has more values than a tensor may have, the image or the result
/// of a block; none where all fit.
static std::optional<std::string> findTooLarge(const NetworkSpec &network,
                                               int64_t height, int64_t width,
                                               mlir::MLIRContext *context) {
  auto check = [&](StringRef what,
                   int64_t channels) -> std::optional<std::string> {
    auto type = mlir::RankedTensorType::get({1, channels, height, width},
                                            mlir::Float32Type::get(context));
    if (MobileOneDialect::isPlain(type))
      return std::nullopt;
    return (what + " has " + Twine(channels) + "x" + Twine(height) + "x" +
            Twine(width))
        .str();
  };
  if (auto image = check("the image", network.getInputChannels()))
    return image;
  for (const BlockSpec &block : network.blocks) {
    height = block.getOutputExtent(height);
    width = block.getOutputExtent(width);
    if (auto result = check(block.name, block.outputChannels))
      return result;
  }
  return std::nullopt;
}

static Error checkImageSize(const NetworkSpec &network,
                            const ImportOptions &options,
                            mlir::MLIRContext *context) {
  auto [height, width] = options.imageSize;
  std::optional<std::string> tooLarge =
      findTooLarge(network, height, width, context);
  if (!tooLarge)
    return Error::success();
  auto sides = seq_inclusive(kMinImageSize, kMaxImageSize);
  auto firstTooLarge = partition_point(sides, [&](int64_t side) {
    return !findTooLarge(network, side, side, context);
  });
  int64_t largest = *firstTooLarge - 1;
  return refuse("image size",
                "expects at most 2^31 values in each layer, such as of " +
                    Twine(largest) + "x" + Twine(largest) + ", but got " +
                    options.imageSize.format() + ", of which " + *tooLarge);
}

/// Images of other channels than colours have another normalization.
static Error checkChannels(int64_t channels, const ImportOptions &options) {
  const Normalization &given = options.normalization;
  bool isBytes = options.input == InputLayout::U8NHWC;
  bool isUsual = given == Normalization();
  if (channels != 3 && options.order != ChannelOrder::rgb)
    return refuse("channels", "expects 3 input channels to order, but got a "
                              "network of " +
                                  Twine(channels));
  if (channels > 3 && isBytes)
    return refuse("input", "u8-nhwc expects at most 3 input channels, but got "
                           "a network of " +
                               Twine(channels) + ", which f32-nhwc takes");
  if (given.mean.size() == static_cast<size_t>(channels) ||
      (isUsual && !isBytes))
    return Error::success();
  return refuse("mean",
                "expects --mean and --std of " + Twine(channels) +
                    (channels == 1 ? " number" : " numbers") +
                    ", one per input channel, but got " +
                    (isUsual ? "none" : std::to_string(given.mean.size())));
}

/// One line whatever a hostile file put into the names that the message quotes.
static std::string makePrintable(std::string message) {
  constexpr size_t kMaxLength = 1000;
  if (message.size() > kMaxLength)
    message = message.substr(0, kMaxLength) + "...";
  for (char &c : message)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
      c = '?';
  return message;
}

static Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importFile(std::unique_ptr<MemoryBuffer> file, const ImportOptions &options,
           mlir::MLIRContext *context) {
  if (Error error = checkOptions(options))
    return std::move(error);
  mlir::Location fileLoc = mlir::FileLineColLoc::get(
      context, file->getBufferIdentifier(), /*line=*/0, /*column=*/0);
  Expected<std::vector<StateDict>> dicts =
      readCheckpoint(file->getBuffer(), options.key);
  if (!dicts)
    return dicts.takeError();
  bool wantsHeads = options.outputs.empty() || wantsClasses(options.outputs);
  if (!wantsHeads && !options.heads.empty())
    return refuse("heads", "expects logits or softmax as output, but got " +
                               formatOutputs(options.outputs) + " alone");
  Expected<FoundNetwork> found =
      findNetwork(*dicts, {options.variant, options.key, options.stripPrefix,
                           wantsHeads, options.heads});
  if (!found)
    return found.takeError();
  MatchedNetwork *matched = &found->network;
  if (Error error = setEpsilon(matched->network, options))
    return std::move(error);
  if (Error error = checkChannels(matched->network.getInputChannels(), options))
    return std::move(error);
  if (Error error = checkImageSize(matched->network, options, context))
    return std::move(error);
  Expected<std::vector<NetworkOutput>> outputs =
      findOutputs(matched->network, options.outputs);
  if (!outputs)
    return outputs.takeError();
  if (options.bnEpsilon && matched->form.isDeploy)
    found->remark += (found->remark.empty() ? "" : "; ") +
                     std::string("has no batch norms: --bn-epsilon changes "
                                 "nothing");
  if (!found->remark.empty())
    mlir::emitRemark(mlir::UnknownLoc::get(context)) << makePrintable(
        (file->getBufferIdentifier() + ": " + found->remark).str());
  // From here on attributes may point into the file, even on an error.
  keepAlive(std::move(file), context);
  Expected<StringMap<ImportedWeights>> weights =
      importWeights(*matched, options.allowNonFinite, fileLoc);
  if (!weights)
    return weights.takeError();
  return buildModule(*matched, *outputs, *weights, options, fileLoc);
}

mlir::OwningOpRef<mlir::ModuleOp>
mobileone::importCheckpoint(std::unique_ptr<MemoryBuffer> file,
                            const ImportOptions &options,
                            mlir::MLIRContext *context) {
  context->loadDialect<MobileOneDialect, mlir::func::FuncDialect>();
  std::string name = file->getBufferIdentifier().str();
  Expected<mlir::OwningOpRef<mlir::ModuleOp>> module =
      importFile(std::move(file), options, context);
  if (module)
    return std::move(*module);
  mlir::emitError(mlir::UnknownLoc::get(context))
      << name << ": " << makePrintable(toString(module.takeError()));
  return nullptr;
}

mlir::OwningOpRef<mlir::ModuleOp>
mobileone::importCheckpoint(StringRef path, const ImportOptions &options,
                            mlir::MLIRContext *context) {
  Expected<std::unique_ptr<MemoryBuffer>> file = openInput(path);
  if (file)
    return importCheckpoint(std::move(*file), options, context);
  mlir::emitError(mlir::UnknownLoc::get(context)) << toString(file.takeError());
  return nullptr;
}
