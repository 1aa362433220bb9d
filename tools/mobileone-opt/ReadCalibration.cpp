// Reads the images that int8 is calibrated by.
#include "ReadCalibration.h"
#include "Diagnostics.h"

#include "compiler/Object/ModelInfo.h"
#include "dialect/IR/MobileOneOps.h"
#include "tools/Images/Npy.h"
#include "tools/Images/PictureInput.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

/// What callers of `network` would be told of its input.
static mobileone_model_info describeInput(func::FuncOp network,
                                          const Normalization &normalization) {
  BlockArgument image = network.getArgument(0);
  auto type = cast<RankedTensorType>(image.getType());
  unsigned rows = getDimOfRows(image);
  mobileone_model_info info = {};
  info.input_layout = type.getElementType().isInteger(8) ? MOBILEONE_U8_NHWC
                      : rows == 1                        ? MOBILEONE_F32_NHWC
                                                         : MOBILEONE_F32_NCHW;
  info.input_height = type.getDimSize(rows);
  info.input_width = type.getDimSize(rows + 1);
  info.input_channels = type.getDimSize(rows == 1 ? 3 : 1);
  info.input_bytes = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  for (Operation *user : image.getUsers())
    if (auto read = dyn_cast<ReadImageOp>(user))
      info.channel_order = static_cast<uint32_t>(read.getOrder());
  for (auto [i, mean] : llvm::enumerate(normalization.mean))
    if (i < std::size(info.mean))
      info.mean[i] = static_cast<float>(mean);
  for (auto [i, deviation] : llvm::enumerate(normalization.std))
    if (i < std::size(info.std))
      info.std[i] = static_cast<float>(deviation);
  return info;
}

/// Adds the bytes of an input to `images`.
static void append(CalibrationImages &images, llvm::ArrayRef<char> input,
                   bool isBytes) {
  if (isBytes) {
    images.bytes.insert(images.bytes.end(), input.begin(), input.end());
    return;
  }
  size_t first = images.floats.size();
  images.floats.resize(first + input.size() / sizeof(float));
  std::memcpy(images.floats.data() + first, input.data(), input.size());
}

static llvm::Error readArray(StringRef path, const mobileone_model_info &info,
                             CalibrationImages &images) {
  llvm::Expected<images::NpyArray> array = images::readNpy(path);
  if (!array)
    return array.takeError();
  bool isBytes = info.input_layout == MOBILEONE_U8_NHWC;
  SmallVector<uint64_t> shape{info.input_height, info.input_width,
                              info.input_channels};
  if (info.input_layout == MOBILEONE_F32_NCHW)
    std::rotate(shape.begin(), shape.end() - 1, shape.end());
  if (array->isBytes != isBytes || array->shape.size() != 4 ||
      ArrayRef(array->shape).drop_front() != ArrayRef(shape))
    return llvm::createStringError(fmt::format(
        "{}: expects {} of shape (images, {}) as the network takes them, but "
        "got {} of {}",
        path.str(), isBytes ? "uint8" : "float32", fmt::join(shape, ", "),
        array->isBytes ? "uint8" : "float32",
        images::formatShape(array->shape)));
  append(images, array->data, isBytes);
  return llvm::Error::success();
}

/// The files of a folder that are not hidden, in the order of their names.
static llvm::Expected<std::vector<std::string>> listFiles(StringRef folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(folder, error), end;
       entry != end && !error; entry.increment(error))
    if (!llvm::sys::path::filename(entry->path()).starts_with(".") &&
        !llvm::sys::fs::is_directory(entry->path()))
      files.push_back(entry->path());
  if (error)
    return llvm::createStringError(folder +
                                   ": cannot be read: " + error.message());
  if (files.empty())
    return llvm::createStringError(
        folder + ": expects JPEG or PNG files, but got an empty folder");
  llvm::sort(files);
  return files;
}

static llvm::Error readFolder(StringRef folder,
                              const mobileone_model_info &info,
                              CalibrationImages &images) {
  if (uint32_t channels = info.input_channels; channels != 3 && channels != 4)
    return llvm::createStringError(fmt::format(
        "{}: expects a network of 3 colours to read pictures for, but got one "
        "of {} channels: give its inputs as FILE.npy",
        folder.str(), channels));
  llvm::Expected<std::vector<std::string>> files = listFiles(folder);
  if (!files)
    return files.takeError();
  std::vector<char> input(info.input_bytes), scratch;
  for (const std::string &file : *files) {
    if (llvm::Error error = images::readPicture(
            file, info, images::getShortEdge(info), input, scratch))
      return error;
    append(images, input, info.input_layout == MOBILEONE_U8_NHWC);
  }
  return llvm::Error::success();
}

LogicalResult mobileone::readCalibration(StringRef path, ModuleOp module,
                                         CompileRequest &request) {
  if (path.empty())
    return success();
  FailureOr<func::FuncOp> network = findNetwork(module);
  if (failed(network))
    return failure();
  const mobileone_model_info info =
      describeInput(*network, request.import.normalization);
  request.calibrationName = llvm::sys::path::filename(path).str();
  llvm::Error error = llvm::sys::fs::is_directory(path)
                          ? readFolder(path, info, request.calibration)
                          : readArray(path, info, request.calibration);
  return error ? fail(std::move(error)) : success();
}
