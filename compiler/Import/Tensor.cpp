// Checks a view of a storage and turns its elements into f32.
#include "compiler/Import/Tensor.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mobileone;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

using Format = ElementType::Format;

static constexpr ElementType kElementTypes[] = {
    {"f16", "F16", "HalfStorage", 2, Format::Float16},
    {"bf16", "BF16", "BFloat16Storage", 2, Format::BFloat16},
    {"f32", "F32", "FloatStorage", 4, Format::Float32},
    {"f64", "F64", "DoubleStorage", 8, Format::Float64},
    {"bool", "BOOL", "BoolStorage", 1, Format::Other},
    {"u8", "U8", "ByteStorage", 1, Format::Other},
    {"i8", "I8", "CharStorage", 1, Format::Other},
    {"i16", "I16", "ShortStorage", 2, Format::Other},
    {"i32", "I32", "IntStorage", 4, Format::Other},
    {"i64", "I64", "LongStorage", 8, Format::Other},
    {"u16", "U16", "", 2, Format::Other},
    {"u32", "U32", "", 4, Format::Other},
    {"u64", "U64", "", 8, Format::Other},
    {"f8e4m3", "F8_E4M3", "", 1, Format::Other},
    {"f8e5m2", "F8_E5M2", "", 1, Format::Other},
    {"i8 (quantized)", "", "QInt8Storage", 1, Format::Other},
    {"u8 (quantized)", "", "QUInt8Storage", 1, Format::Other},
    {"i32 (quantized)", "", "QInt32Storage", 4, Format::Other},
    {"u4 (quantized)", "", "QUInt4x2Storage", 1, Format::Other},
    {"u2 (quantized)", "", "QUInt2x4Storage", 1, Format::Other},
    {"bytes", "", "UntypedStorage", 1, Format::Other},
    {"f8e8m0", "F8_E8M0", "", 1, Format::Other},
    {"complex64", "C64", "ComplexFloatStorage", 8, Format::Other},
    {"complex128", "", "ComplexDoubleStorage", 16, Format::Other},
};

const ElementType *ElementType::findSafeTensors(StringRef name) {
  for (const ElementType &type : kElementTypes)
    if (!name.empty() && type.safeTensorsName == name)
      return &type;
  return nullptr;
}

const ElementType *ElementType::findTorchStorage(StringRef name) {
  for (const ElementType &type : kElementTypes)
    if (!name.empty() && type.torchStorage == name)
      return &type;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// A view may name its elements more than once (stride 0, overlapping rows), so
/// a tiny file can describe a huge tensor. Above this many elements it must be
/// backed by as many stored ones; the largest layer of MobileOne has half.
static constexpr int64_t kMaxRepeatedElements = 1 << 22;

std::string mobileone::formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  return join(map_range(shape, [](int64_t n) { return std::to_string(n); }),
              "x");
}

SmallVector<int64_t, 4> mobileone::getDenseStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t, 4> strides(shape.size(), 1);
  for (size_t d = shape.size(); d > 1; --d)
    strides[d - 2] = strides[d - 1] * std::max<int64_t>(shape[d - 1], 1);
  return strides;
}

Expected<int64_t> mobileone::countElements(StringRef name,
                                           ArrayRef<int64_t> shape) {
  for (int64_t extent : shape)
    if (extent < 0)
      return refuse(name, "expects no negative dimension, but got shape " +
                              formatShape(shape));
  if (is_contained(shape, 0))
    return 0;
  int64_t count = 1;
  for (int64_t extent : shape)
    if (MulOverflow(count, extent, count))
      return refuse(name, "expects an element count that fits 64 bits, but "
                          "got too large a shape " +
                              formatShape(shape));
  return count;
}

Expected<Tensor> mobileone::createTensor(StringRef name,
                                         const ElementType &elementType,
                                         ArrayRef<int64_t> shape,
                                         ArrayRef<int64_t> strides,
                                         int64_t offset, StringRef storage) {
  if (shape.size() != strides.size())
    return refuse(name, "expects a stride for each dimension, but got " +
                            Twine(shape.size()) + " dimensions and " +
                            Twine(strides.size()) + " strides");
  Expected<int64_t> elementCount = countElements(name, shape);
  if (!elementCount)
    return elementCount.takeError();
  for (int64_t stride : strides)
    if (stride < 0)
      return refuse(name, "expects no negative stride, but got strides " +
                              formatShape(strides));
  int64_t storedCount =
      static_cast<int64_t>(storage.size() / elementType.byteWidth);
  if (offset < 0 || offset > storedCount)
    return refuse(name, "expects a storage offset in 0.." + Twine(storedCount) +
                            ", but got " + Twine(offset) + " (out of range)");

  // The index of the last element, which must exist.
  int64_t last = offset;
  bool overflow = false;
  if (*elementCount > 0)
    for (auto [extent, stride] : zip(shape, strides)) {
      int64_t step = 0;
      overflow |= MulOverflow(extent - 1, stride, step) ||
                  AddOverflow(last, step, last);
    }
  if (overflow || (*elementCount > 0 && last >= storedCount))
    return refuse(name,
                  "expects a view inside its storage of " + Twine(storedCount) +
                      " elements, but got one that reaches past its end "
                      "(shape " +
                      formatShape(shape) + ", strides " + formatShape(strides) +
                      ", offset " + Twine(offset) + ")");
  if (*elementCount > std::max(storedCount, kMaxRepeatedElements))
    return refuse(name, "expects a plausible shape (its storage has " +
                            Twine(storedCount) + " elements), but got " +
                            formatShape(shape));
  return Tensor{name.str(),
                &elementType,
                SmallVector<int64_t, 4>(shape),
                SmallVector<int64_t, 4>(strides),
                storage.drop_front(offset * elementType.byteWidth),
                *elementCount};
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// IEEE binary16. Each of its values is one of f32.
static float widenFloat16(uint16_t half) {
  uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 0x1f;
  uint32_t fraction = half & 0x3ff;
  if (exponent == 0) { // zero and subnormal: fraction * 2^-24
    float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  // 31 means infinity and NaN; otherwise rebias from 15 to 127.
  uint32_t wide = exponent == 31 ? 255 : exponent + (127 - 15);
  return bit_cast<float>(sign | (wide << 23) | (fraction << 13));
}

static float readElement(const char *bytes, Format format) {
  using support::endian::read16le;
  using support::endian::read32le;
  using support::endian::read64le;
  switch (format) {
  case Format::Float16:
    return widenFloat16(read16le(bytes));
  case Format::BFloat16:
    return bit_cast<float>(static_cast<uint32_t>(read16le(bytes)) << 16);
  case Format::Float32:
    return bit_cast<float>(read32le(bytes));
  case Format::Float64:
    return static_cast<float>(bit_cast<double>(read64le(bytes)));
  case Format::Other:
    break;
  }
  llvm_unreachable("weights are checked to be floats");
}

/// Whether the elements lie one after the other; a dimension of one element
/// has any stride.
static bool isDense(const Tensor &tensor) {
  SmallVector<int64_t, 4> dense = getDenseStrides(tensor.shape);
  for (size_t d = 0; d < dense.size(); ++d)
    if (tensor.shape[d] != 1 && tensor.strides[d] != dense[d])
      return false;
  return true;
}

/// Appends the elements in row-major order.
static void appendElements(const Tensor &tensor, std::vector<float> &values) {
  SmallVector<int64_t, 4> index(tensor.shape.size(), 0);
  int64_t at = 0; // place of `index` in the storage
  for (int64_t i = 0; i < tensor.elementCount; ++i) {
    values.push_back(
        readElement(tensor.storage.data() + at * tensor.elementType->byteWidth,
                    tensor.elementType->format));
    // Step the last dimension, and at its end the one before, and so on.
    for (size_t d = index.size(); d-- > 0;) {
      at += tensor.strides[d];
      if (++index[d] < tensor.shape[d])
        break;
      at -= tensor.strides[d] * tensor.shape[d];
      index[d] = 0;
    }
  }
}

ArrayRef<float> mobileone::readElements(const Tensor &tensor,
                                        std::vector<float> &scratch) {
  const char *first = tensor.storage.data();
  if (tensor.elementType->format == Format::Float32 && isDense(tensor) &&
      endianness::native == endianness::little &&
      reinterpret_cast<uintptr_t>(first) % alignof(float) == 0)
    return ArrayRef(reinterpret_cast<const float *>(first),
                    static_cast<size_t>(tensor.elementCount));
  scratch.clear();
  scratch.reserve(tensor.elementCount);
  appendElements(tensor, scratch);
  return scratch;
}
