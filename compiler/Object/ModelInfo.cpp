// Walks the layers of a network and counts what they are.
#include "compiler/Object/ModelInfo.h"

#include "compiler/Object/Outputs.h"
#include "dialect/IR/MobileOneOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/YAMLParser.h"
#include <fmt/format.h>
#include <limits>
#include <tuple>

using namespace mlir;
using namespace mobileone;

llvm::StringRef mobileone::getToolVersion() { return MOBILEONE_VERSION; }

/// Copies `text`, cut to leave room for the final zero.
template <size_t N>
static void copyText(char (&to)[N], llvm::StringRef text) {
  size_t length = std::min(text.size(), N - 1);
  std::copy_n(text.begin(), length, to);
  to[length] = 0;
}

template <typename T>
static void append(std::vector<char> &bytes, llvm::ArrayRef<T> table) {
  auto *data = reinterpret_cast<const char *>(table.data());
  bytes.insert(bytes.end(), data, data + table.size() * sizeof(T));
}

SmallVector<const ModelInfo *> ModelInfo::getSizes() const {
  SmallVector<const ModelInfo *> sizes{this};
  for (const ModelInfo &other : otherSizes)
    sizes.push_back(&other);
  return sizes;
}

std::vector<char> ModelInfo::serialize() const {
  std::vector<char> bytes;
  for (const ModelInfo *size : getSizes()) {
    mobileone_model_info head = size->info;
    head.layers_offset = sizeof head;
    head.outputs_offset = static_cast<uint32_t>(
        head.layers_offset +
        size->layers.size() * sizeof(mobileone_layer_info));
    uint32_t end = static_cast<uint32_t>(head.outputs_offset +
                                         size->outputs.size() *
                                             sizeof(mobileone_output_info));
    bool isLast = otherSizes.empty() || size == &otherSizes.back();
    head.next_size_offset = isLast ? 0 : end;
    append(bytes, llvm::ArrayRef(head));
    append(bytes, llvm::ArrayRef(size->layers));
    append(bytes, llvm::ArrayRef(size->outputs));
  }
  return bytes;
}

uint64_t ModelInfo::getArenaBytes(uint32_t batch) const {
  // A single result waits in the arena until all images are done.
  uint64_t waiting = 0;
  if (batch > 1 && outputs.size() == 1)
    for (const ModelInfo *size : getSizes())
      waiting = std::max(waiting,
                         batch * size->outputs.front().length * sizeof(float));
  return info.arena_bytes + llvm::alignTo(waiting, 64);
}

llvm::StringRef ModelInfo::getLayoutName() const {
  return info.input_layout == MOBILEONE_F32_NCHW   ? "f32-nchw"
         : info.input_layout == MOBILEONE_F32_NHWC ? "f32-nhwc"
                                                   : "u8-nhwc";
}

llvm::StringRef ModelInfo::getOrderName() const {
  return stringifyChannelOrder(static_cast<ChannelOrder>(info.channel_order));
}

llvm::ArrayRef<float> ModelInfo::getStd() const {
  // Of a channel it is above 0.
  return llvm::ArrayRef(info.std).take_while(
      [](float number) { return number > 0; });
}

llvm::ArrayRef<float> ModelInfo::getMean() const {
  return llvm::ArrayRef(info.mean).take_front(getStd().size());
}

std::string ModelInfo::getInterfaceHash() const {
  return fmt::format("{:016x}", info.interface_hash);
}

static uint64_t countElements(std::optional<ElementsAttr> weights) {
  return weights ? weights->getNumElements() : 0;
}

/// Adds what one op of a block, or the classifier, holds and does.
static void count(Operation &op, uint64_t &parameters, uint64_t &multiplyAdds) {
  if (auto conv = dyn_cast<ConvOp>(op)) {
    RankedTensorType type = conv.getOutput().getType();
    parameters +=
        countElements(conv.getFilter()) + countElements(conv.getBias());
    multiplyAdds += countElements(conv.getFilter()) * type.getDimSize(2) *
                    type.getDimSize(3);
  } else if (auto se = dyn_cast<SqueezeExciteOp>(op)) {
    uint64_t matrices = countElements(se.getReduceFilter()) +
                        countElements(se.getExpandFilter());
    parameters += matrices + countElements(se.getReduceBias()) +
                  countElements(se.getExpandBias());
    multiplyAdds += matrices;
  } else if (auto linear = dyn_cast<LinearOp>(op)) {
    parameters +=
        countElements(linear.getWeight()) + countElements(linear.getBias());
    multiplyAdds += countElements(linear.getWeight());
  }
}

/// Whether `text` can stand in a comment of C, in JSON and on a page.
static bool isPlainText(llvm::StringRef text) {
  return !text.empty() && llvm::all_of(text, [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '-' || c == '.';
  });
}

/// Copies the name of a layer or variant that the module gives.
template <size_t N>
static LogicalResult copyName(Operation &op, char (&to)[N],
                              llvm::StringRef name) {
  if (name.size() >= N)
    return op.emitOpError("expects a name of at most ")
           << N - 1 << " characters, but got " << name;
  if (!isPlainText(name))
    return op.emitOpError("expects a name of letters, digits, '_', '-' and "
                          "'.', but got \"")
           << llvm::yaml::escape(name) << '"';
  copyText(to, name);
  return success();
}

static LogicalResult addLayer(ModelInfo &model, Operation &op, StringRef name,
                              ArrayRef<int64_t> shape) {
  mobileone_layer_info layer = {};
  if (failed(copyName(op, layer.name, name)))
    return failure();
  layer.channels = static_cast<uint32_t>(shape[1]);
  layer.height = shape.size() == 4 ? static_cast<uint32_t>(shape[2]) : 1;
  layer.width = shape.size() == 4 ? static_cast<uint32_t>(shape[3]) : 1;
  if (auto block = dyn_cast<BlockOp>(op))
    for (Operation &inner : block.getBody().front())
      count(inner, model.info.parameters, layer.multiply_adds);
  else
    count(op, model.info.parameters, layer.multiply_adds);
  model.info.multiply_adds += layer.multiply_adds;
  model.layers.push_back(layer);
  return success();
}

/// With these P_run, P_info or P_BATCH is a name of runtime/.
static constexpr llvm::StringLiteral kTakenPrefixes[] = {
    "mobileone_bad",    "mobileone_layer",      "mobileone_model",
    "mobileone_openmp", "mobileone_output",     "mobileone_pthreadpool",
    "mobileone_serial", "mobileone_thread_pool"};

llvm::Error mobileone::checkPrefix(StringRef prefix) {
  bool isIdentifier =
      !prefix.empty() && !llvm::isDigit(prefix.front()) &&
      llvm::all_of(prefix, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!isIdentifier)
    return llvm::createStringError("expects a C identifier, but got '" +
                                   llvm::yaml::escape(prefix) + "'");
  // Macros are in upper case whatever the prefix is.
  if (llvm::is_contained(kTakenPrefixes, prefix.lower()))
    return llvm::createStringError("expects another prefix than '" + prefix +
                                   "': runtime/ has a name that begins so");
  return llvm::Error::success();
}

FailureOr<func::FuncOp> mobileone::findNetwork(ModuleOp module) {
  func::FuncOp network;
  for (Operation &op : *module.getBody()) {
    if (network || !isa<func::FuncOp>(op))
      return op.emitOpError("expects one function per module to compile, and "
                            "nothing else");
    network = cast<func::FuncOp>(op);
  }
  if (!network)
    return emitError(module.getLoc(),
                     "expects a function of mobileone ops to compile");
  if (!network.isPublic() || network.isDeclaration())
    return network.emitOpError("expects a public function with a body");
  if (llvm::none_of(network.getOps(), [](Operation &op) {
        return isa_and_nonnull<MobileOneDialect>(op.getDialect());
      }))
    return network.emitOpError(
        "expects a function of mobileone ops to compile");
  return network;
}

/// Copies a mean or deviation of each channel, of which there is room for
/// three.
static void copyNumbers(float (&to)[3], ArrayRef<double> numbers) {
  if (numbers.size() <= 3)
    llvm::transform(numbers, to,
                    [](double number) { return static_cast<float>(number); });
}

/// Reads what a caller with floats is to normalize by: attributes of a number
/// for each of up to three channels.
static LogicalResult readRecommendation(func::FuncOp network, int64_t channels,
                                        mobileone_model_info &info) {
  constexpr float kMost = std::numeric_limits<float>::max();
  for (auto [name, values, lowest] :
       {std::tuple("mobileone.mean", &info.mean, -kMost),
        std::tuple("mobileone.std", &info.std,
                   std::numeric_limits<float>::min())}) {
    Attribute attribute = network->getAttr(name);
    if (!attribute)
      continue;
    auto numbers = dyn_cast<DenseF64ArrayAttr>(attribute);
    if (!numbers || numbers.size() != channels || channels > 3 ||
        !llvm::all_of(numbers.asArrayRef(), [lowest = lowest](double number) {
          return number >= lowest && number <= kMost;
        }))
      return network.emitOpError("expects ")
             << name << " to be array<f64: ...> of a number from " << lowest
             << " to " << kMost << " for each of up to 3 channels, but got "
             << attribute;
    copyNumbers(*values, numbers);
  }
  return success();
}

/// Whether any layer's weights are integers.
static bool isQuantized(func::FuncOp network) {
  return network
      .walk([](Operation *op) {
        bool isOne = llvm::TypeSwitch<Operation *, bool>(op)
                         .Case<ConvOp, LinearOp>(
                             [](auto layer) { return layer.isQuantized(); })
                         .Default(false);
        return isOne ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

FailureOr<ModelInfo> mobileone::describeNetwork(func::FuncOp network) {
  ModelInfo model;
  mobileone_model_info &info = model.info;
  info.struct_size = sizeof(mobileone_model_info);
  copyText(info.precision, isQuantized(network) ? "int8" : "f32");
  copyText(info.tool_version, getToolVersion());
  if (Attribute attr = network->getAttr("mobileone.variant")) {
    auto variant = dyn_cast<StringAttr>(attr);
    if (!variant)
      return network.emitOpError("expects mobileone.variant to be a string, "
                                 "but got ")
             << attr;
    if (failed(copyName(*network, info.variant, variant)))
      return failure();
  } else {
    copyText(info.variant, "custom");
  }

  FunctionType type = network.getFunctionType();
  auto image = type.getNumInputs() == 1
                   ? dyn_cast<RankedTensorType>(type.getInput(0))
                   : RankedTensorType();
  if (!image || image.getRank() != 4 || !image.hasStaticShape() ||
      image.getDimSize(0) != 1)
    return network.emitOpError("expects one image of rank 4, but got ") << type;
  if (!image.getElementType().isF32() &&
      !image.getElementType().isUnsignedInteger(8))
    return network.emitOpError("expects an image of f32 or ui8, but got ")
           << image;

  info.input_layout = MOBILEONE_F32_NCHW;
  bool isRead = llvm::any_of(network.getOps(), llvm::IsaPred<ReadImageOp>);
  if (failed(
          readRecommendation(network, image.getDimSize(isRead ? 3 : 1), info)))
    return failure();
  for (Operation &op : network.getOps()) {
    if (auto read = dyn_cast<ReadImageOp>(op)) {
      bool isBytes = image.getElementType().isInteger(8);
      info.input_layout = isBytes ? MOBILEONE_U8_NHWC : MOBILEONE_F32_NHWC;
      info.channel_order = static_cast<uint32_t>(read.getOrder());
      if (isBytes) {
        copyNumbers(info.mean, read.getMean());
        copyNumbers(info.std, read.getStd());
      }
    }
    if (auto block = dyn_cast<BlockOp>(op))
      if (failed(addLayer(model, op, block.getName(),
                          block.getOutput().getType().getShape())))
        return failure();
    if (auto linear = dyn_cast<LinearOp>(op))
      if (failed(addLayer(model, op, linear.getName(),
                          linear.getOutput().getType().getShape())))
        return failure();
  }
  bool isPlanar = info.input_layout == MOBILEONE_F32_NCHW;
  info.layer_count = static_cast<uint32_t>(model.layers.size());
  info.input_channels =
      static_cast<uint32_t>(image.getDimSize(isPlanar ? 1 : 3));
  info.input_height = static_cast<uint32_t>(image.getDimSize(isPlanar ? 2 : 1));
  info.input_width = static_cast<uint32_t>(image.getDimSize(isPlanar ? 3 : 2));
  info.input_bytes =
      image.getNumElements() * (image.getElementTypeBitWidth() / 8);
  if (failed(describeOutputs(network, model)))
    return failure();
  return model;
}

void mobileone::describeObject(ModelInfo &model, const Target &target,
                               ArrayRef<const IsaLevel *> levels,
                               uint64_t arenaBytes, uint64_t workerBytes,
                               ArrayRef<char> weights) {
  mobileone_model_info &info = model.info;
  copyText(info.target, target.name);
  for (const IsaLevel *level : levels)
    info.isa_levels |= 1u << level->number;
  info.arena_bytes = arenaBytes;
  info.worker_bytes = workerBytes;
  info.weights_bytes = weights.size();
  auto digest = llvm::SHA256::hash(llvm::ArrayRef(
      reinterpret_cast<const uint8_t *>(weights.data()), weights.size()));
  copyText(info.weights_sha256, llvm::toHex(digest, /*LowerCase=*/true));
  // Of another size all is the same but what follows from it.
  for (ModelInfo &other : model.otherSizes) {
    mobileone_model_info own = other.info;
    other.info = info;
    other.info.input_height = own.input_height;
    other.info.input_width = own.input_width;
    other.info.input_bytes = own.input_bytes;
    other.info.multiply_adds = own.multiply_adds;
  }
}

std::string mobileone::formatWeights(const ModelInfo &model,
                                     ArrayRef<char> weights) {
  mobileone_weights_head head = {};
  static_assert(kWeightsMark.size() == sizeof head.magic);
  llvm::copy(kWeightsMark, head.magic);
  head.version = 1;
  head.head_bytes = sizeof head;
  head.weights_bytes = weights.size();
  copyText(head.weights_sha256, model.info.weights_sha256);
  std::string content(reinterpret_cast<const char *>(&head), sizeof head);
  content.append(weights.begin(), weights.end());
  return content;
}
