// Links a generated object into this process and calls its functions.
#include "compiler/Execution/LoadedModel.h"

#include "compiler/Execution/ObjectSymbols.h"
#include "compiler/Machine/IsaLevel.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <vector>

using namespace llvm;

namespace mobileone {
constexpr std::align_val_t arenaAlignment{64};

void LoadedModel::ArenaDeleter::operator()(void *arena) const {
  ::operator delete(arena, arenaAlignment);
}

/// Whether this version knows what an object says of one image size.
static Error checkInfo(const mobileone_model_info &info, StringRef path) {
  if (info.struct_size != sizeof(mobileone_model_info))
    return createStringError(fmt::format(
        "{}: expects a mobileone_model_info of {} bytes, but got {} bytes: the "
        "object was made by another version of the compiler",
        path.str(), sizeof(mobileone_model_info), info.struct_size));
  if (info.input_layout > MOBILEONE_U8_NHWC)
    return createStringError(
        fmt::format("{}: expects an input layout of {} to {}, but got {}",
                    path.str(), static_cast<int>(MOBILEONE_F32_NCHW),
                    static_cast<int>(MOBILEONE_U8_NHWC), info.input_layout));
  if (info.channel_order > MOBILEONE_BGRA)
    return createStringError(
        fmt::format("{}: expects a channel order of {} to {}, but got {}",
                    path.str(), static_cast<int>(MOBILEONE_RGB),
                    static_cast<int>(MOBILEONE_BGRA), info.channel_order));
  const uint64_t elements =
      uint64_t{info.input_channels} * info.input_height * info.input_width;
  const bool takesBytes = info.input_layout == MOBILEONE_U8_NHWC;
  const uint64_t bytes = elements * (takesBytes ? 1 : sizeof(float));
  if (bytes == 0 || info.input_bytes != bytes)
    return createStringError(fmt::format(
        "{}: expects {} input bytes for {}x{} pixels of {} channels, but got "
        "{}",
        path.str(), bytes, info.input_height, info.input_width,
        info.input_channels, info.input_bytes));
  if (info.output_count == 0 || info.output_count > MOBILEONE_MOST_OUTPUTS)
    return createStringError(
        fmt::format("{}: expects 1 to {} outputs, but got {}", path.str(),
                    MOBILEONE_MOST_OUTPUTS, info.output_count));
  for (const mobileone_output_info &output :
       ArrayRef(mobileone_outputs(&info), info.output_count)) {
    const uint64_t length =
        uint64_t{output.channels} * output.height * output.width;
    if (length == 0)
      return createStringError(fmt::format(
          "{}: expects outputs of at least one float, but got 0", path.str()));
    if (output.length != length)
      return createStringError(fmt::format(
          "{}: expects {} floats for an output of {} x {}x{}, but got {}",
          path.str(), length, output.channels, output.height, output.width,
          output.length));
  }
  return Error::success();
}

Expected<std::unique_ptr<LoadedModel>>
LoadedModel::load(std::unique_ptr<MemoryBuffer> object, uint32_t threads,
                  ArrayRef<char> weights) {
  std::unique_ptr<LoadedModel> model(new LoadedModel);
  model->weights = weights;
  const std::string path = object->getBufferIdentifier().str();
  if (Error error = model->link(std::move(object)))
    return createStringError(path + ": " + toString(std::move(error)));
  for (const mobileone_model_info *size = model->firstInfo; size;
       size = mobileone_next_size(size))
    if (Error error = checkInfo(*size, path))
      return std::move(error);
  if (Error error = model->openWeights(path))
    return std::move(error);
  if (Error error = model->startThreads(threads))
    return std::move(error);
  if (Error error = model->allocateArena(path))
    return std::move(error);
  return model;
}

Error LoadedModel::link(std::unique_ptr<MemoryBuffer> object) {
  Expected<std::string> found = findPrefix(object->getMemBufferRef());
  if (!found)
    return found.takeError();
  prefix = *found;
  Expected<LinkedObject> linked = LinkedObject::link(std::move(object));
  if (!linked)
    return linked.takeError();
  code.emplace(std::move(*linked));

  const mobileone_model_info *(*infoFunction)() = nullptr;
  if (Error error = code->find(prefix + "_info", infoFunction))
    return error;
  if (Error error = code->find(prefix + "_run_ex", runFunction))
    return error;
  if (Error error = code->find(prefix + "_arena_bytes", arenaBytesFunction))
    return error;
  if (Error error = code->find(prefix + "_isa", isaFunction))
    return error;
  modelInfo = firstInfo = infoFunction();
  if (!modelInfo)
    return createStringError(fmt::format(
        "expects {}_info() to return a description, but got null", prefix));
  return Error::success();
}

Error LoadedModel::openWeights(StringRef path) {
  if (!modelInfo->external_weights) {
    weights = {};
    return Error::success();
  }
  SmallString<128> file(path);
  sys::path::replace_extension(file, ".weights");
  int status;
  if (!weights.empty()) {
    status = mobileone_weights_check(weights.data(), weights.size(), modelInfo);
  } else {
    mapped.reset(new mobileone_weights{nullptr, 0});
    status = mobileone_weights_open(file.c_str(), modelInfo, mapped.get());
    weights = {static_cast<const char *>(mapped->data), mapped->bytes};
  }
  if (status == MOBILEONE_OK)
    return Error::success();
  const std::string reason = status == MOBILEONE_IO_ERROR
                                 ? std::strerror(errno)
                                 : mobileone_strerror(status);
  return createStringError(
      fmt::format("{}: expects the weights of {}, which was compiled with "
                  "--weights=external: {}",
                  file.c_str(), path.str(), reason));
}

Error LoadedModel::startThreads(uint32_t threads) {
  threadCount = threads;
  pool.reset(mobileone_thread_pool_create(threads));
  if (!pool)
    return createStringError(
        fmt::format("--threads: the system cannot start {} threads", threads));
  return Error::success();
}

Error LoadedModel::allocateArena(StringRef path) {
  arenaBytes = arenaBytesFunction(/*batch=*/1, threadCount);
  if (arenaBytes == 0)
    return createStringError(fmt::format(
        "{}: expects an arena size for a batch of one image, but got 0",
        path.str()));
  arena.reset(::operator new(arenaBytes, arenaAlignment, std::nothrow));
  if (!arena)
    return createStringError(fmt::format(
        "{}: cannot allocate the arena of {} bytes", path.str(), arenaBytes));
  // All bits set is a NaN: an object that reads what it did not write is found
  // by its results.
  std::memset(arena.get(), 0xff, arenaBytes);
  return Error::success();
}

template <size_t N>
static std::string text(const char (&field)[N]) {
  return std::string(field, strnlen(field, N));
}

std::string LoadedModel::variant() const { return text(modelInfo->variant); }

std::string LoadedModel::precision() const {
  return text(modelInfo->precision);
}

std::string LoadedModel::describe() const {
  return fmt::format("{} ({}, {}, {}, {})", prefix, variant(), precision(),
                     describeSize(), isaName(isa()).str());
}

std::array<uint32_t, 3> LoadedModel::inputShape() const {
  if (modelInfo->input_layout == MOBILEONE_F32_NCHW)
    return {modelInfo->input_channels, modelInfo->input_height,
            modelInfo->input_width};
  return {modelInfo->input_height, modelInfo->input_width,
          modelInfo->input_channels};
}

SmallVector<uint64_t> getShape(const mobileone_output_info &output) {
  if (output.kind != MOBILEONE_FEATURES)
    return {output.length};
  if (output.layout == MOBILEONE_HWC)
    return {output.height, output.width, output.channels};
  return {output.channels, output.height, output.width};
}

ModelOutput::ModelOutput(const LoadedModel &model) {
  for (const mobileone_output_info &output : model.outputs())
    values.emplace_back(output.length);
  for (std::vector<float> &output : values)
    starts.push_back(output.data());
}

bool LoadedModel::chooseSize(uint32_t height, uint32_t width) {
  const mobileone_model_info *found =
      mobileone_find_size(firstInfo, height, width);
  if (found)
    modelInfo = found;
  return found;
}

static std::string formatSize(const mobileone_model_info &size) {
  return fmt::format("{}x{}", size.input_height, size.input_width);
}

std::string LoadedModel::describeSize() const { return formatSize(*modelInfo); }

std::string LoadedModel::describeSizes() const {
  std::string text;
  for (const mobileone_model_info *size = firstInfo; size;
       size = mobileone_next_size(size))
    text += (text.empty() ? "" : ", ") + formatSize(*size);
  return text;
}

mobileone_isa_level LoadedModel::isa() const {
  return chosenIsa != MOBILEONE_ISA_NONE
             ? chosenIsa
             : static_cast<mobileone_isa_level>(isaFunction());
}

Error LoadedModel::chooseIsa(mobileone_isa_level level) {
  if ((modelInfo->isa_levels >> level & 1) == 0)
    return createStringError(fmt::format(
        "--isa: expects a level of the object, {}, but got {}",
        formatIsaLevels(modelInfo->isa_levels), isaName(level).str()));
  // The best level that both the CPU and the object have.
  const auto best = static_cast<mobileone_isa_level>(isaFunction());
  if (level > best)
    return createStringError(
        fmt::format("--isa: expects a level that this CPU has, at most {} of "
                    "those in the object, but got {}",
                    isaName(best).str(), isaName(level).str()));
  chosenIsa = level;
  return Error::success();
}

Error LoadedModel::run(const void *input, ArrayRef<float *> buffers,
                       LayerObserver onLayer) {
  size_t outputBytes[MOBILEONE_MOST_OUTPUTS];
  for (auto [bytes, output] : zip(outputBytes, outputs()))
    bytes = output.length * sizeof(float);
  mobileone_call call = {};
  call.struct_size = sizeof call;
  call.batch = 1;
  call.height = modelInfo->input_height;
  call.width = modelInfo->input_width;
  call.input = input;
  call.input_bytes = modelInfo->input_bytes;
  call.outputs = buffers.data();
  call.output_bytes = outputBytes;
  call.output_count = static_cast<uint32_t>(buffers.size());
  call.weights = weights.data();
  call.weights_bytes = weights.size();
  call.arena = arena.get();
  call.arena_bytes = arenaBytes;
  call.workers = threadCount;
  call.parallel_for = mobileone_thread_pool_run;
  call.parallel_user = pool.get();
  call.isa = chosenIsa;
  if (onLayer) {
    call.on_layer = [](void *user, uint32_t layer, uint32_t phase,
                       const float *data, size_t length) {
      (*static_cast<LayerObserver *>(user))(
          layer, static_cast<mobileone_phase>(phase), {data, length});
    };
    call.on_layer_user = &onLayer;
  }
  const int status = runFunction(&call);
  if (status != MOBILEONE_OK)
    return createStringError(fmt::format("{}_run_ex returned {}: {}", prefix,
                                         status, mobileone_strerror(status)));
  return Error::success();
}

void LoadedModel::parallelFor(uint32_t count,
                              function_ref<void(uint32_t)> task) {
  // Refused only inside a task, where no caller of this is.
  mobileone_thread_pool_run(
      pool.get(), count,
      [](void *context, uint32_t index, uint32_t) {
        (*static_cast<function_ref<void(uint32_t)> *>(context))(index);
      },
      &task);
}

StringRef isaName(mobileone_isa_level level) {
  const IsaLevel *known = findIsaLevel(static_cast<unsigned>(level));
  return known ? known->name : "none";
}

} // namespace mobileone
