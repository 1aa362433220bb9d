// Recognizes the calls by which PyTorch would rebuild tensors, without calling.
#include "compiler/Import/StateDict.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mobileone;

using Kind = PickleValue::Kind;

/// One short pickled string or tuple can stand in any number of tensors, so
/// what is copied or hashed for each tensor is kept short.
static constexpr size_t kMaxKeyLength = 200;
static constexpr size_t kMaxRank = 8;

/// Trainers put the state dict beside other things under one of these keys. The
/// first that is there wins, so averaged weights go before raw ones. mmengine's
/// 'ema_state_dict' is not listed: in its published files 'state_dict' already
/// holds the averaged weights and the other one the raw ones.
static constexpr StringLiteral kWrappers[] = {"state_dict_ema", "model_ema",
                                              "state_dict", "model"};

Expected<TorchStorage> mobileone::parseStorage(StringRef subject,
                                               const PickleValue &value) {
  // ('storage', torch.FloatStorage, key, device, element count[, view])
  ArrayRef<PickleValue *> id = value.items.front()->items;
  if (!value.items.front()->is(Kind::Tuple) || id.size() < 5 || id.size() > 6 ||
      !id[0]->is(Kind::String) || id[0]->text != "storage" ||
      !id[1]->is(Kind::Global) || !id[2]->is(Kind::String) ||
      id[2]->text.size() > kMaxKeyLength || !id[4]->is(Kind::Int))
    return refuse(subject, "expects a storage with type, key, device and "
                           "element count, but got something else");
  if (id.size() == 6 && !id[5]->is(Kind::None))
    return refuse(subject, "expects a whole storage, but got a view of another "
                           "(files older than PyTorch 0.4 are not supported)");
  TorchStorage storage;
  storage.key = id[2]->text;
  storage.elementCount = id[4]->integer;
  StringRef typeName = id[1]->text;
  storage.elementType = typeName.consume_front("torch.")
                            ? ElementType::findTorchStorage(typeName)
                            : nullptr;
  if (!storage.elementType)
    return refuse(subject, "expects a storage of known element type, but got " +
                               id[1]->text);
  int64_t bytes = 0;
  if (storage.elementCount < 0 ||
      MulOverflow<int64_t>(storage.elementCount, storage.elementType->byteWidth,
                           bytes))
    return refuse(subject, "expects a plausible element count in storage '" +
                               storage.key + "', but got " +
                               Twine(storage.elementCount));
  return storage;
}

static std::optional<SmallVector<int64_t, 4>>
getSizes(const PickleValue &value) {
  if (!value.is(Kind::Tuple) || value.items.size() > kMaxRank)
    return std::nullopt;
  SmallVector<int64_t, 4> sizes;
  for (const PickleValue *item : value.items) {
    if (!item->is(Kind::Int))
      return std::nullopt;
    sizes.push_back(item->integer);
  }
  return sizes;
}

static Expected<Tensor>
readTensor(StringRef name, const PickleValue &value,
           function_ref<Expected<StringRef>(const TorchStorage &)> findBytes) {
  const PickleValue *plain = &value;
  // (data, requires gradient, hooks)
  if (const PickleValue *args =
          value.getArgsOf("torch._utils._rebuild_parameter"))
    if (!args->items.empty())
      plain = args->items.front();
  const PickleValue *args = plain->getArgsOf("torch._utils._rebuild_tensor_v2");
  if (!args)
    return refuse(
        name,
        "expects a tensor, but got " + plain->describe() +
            (plain->is(Kind::Object) ? " (unsupported tensor kind)" : ""));
  // (storage, offset, size, strides, requires gradient, hooks)
  if (args->items.size() < 4 || !args->items[0]->is(Kind::Storage) ||
      !args->items[1]->is(Kind::Int))
    return refuse(name, "expects a tensor of storage, offset, size and "
                        "strides, but got something else");
  std::optional<SmallVector<int64_t, 4>> shape = getSizes(*args->items[2]);
  std::optional<SmallVector<int64_t, 4>> strides = getSizes(*args->items[3]);
  if (!shape || !strides)
    return refuse(name, "expects tuples of up to " + Twine(kMaxRank) +
                            " integers as size and strides, but got something "
                            "else");
  Expected<TorchStorage> storage = parseStorage(name, *args->items[0]);
  if (!storage)
    return storage.takeError();
  Expected<StringRef> bytes = findBytes(*storage);
  if (!bytes)
    return bytes.takeError();
  return createTensor(name, *storage->elementType, *shape, *strides,
                      args->items[1]->integer, *bytes);
}

Expected<std::vector<Tensor>> mobileone::readStateDict(
    StringRef subject, const PickleValue &root,
    function_ref<Expected<StringRef>(const TorchStorage &)> findBytes) {
  if (!root.is(Kind::Dict))
    return refuse(subject, "expects a state dict at top level, but got " +
                               root.describe() +
                               (root.is(Kind::Object)
                                    ? " (save model.state_dict(), not the "
                                      "model)"
                                    : ""));
  const PickleValue *stateDict = &root;
  for (StringRef wrapper : kWrappers)
    if (const PickleValue *wrapped = root.lookup(wrapper))
      if (wrapped->is(Kind::Dict)) {
        stateDict = wrapped;
        break;
      }
  std::vector<Tensor> tensors;
  StringSet<> names;
  ArrayRef<PickleValue *> items = stateDict->items;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (!items[i]->is(Kind::String))
      return refuse(subject, "expects names of tensors as keys, but got " +
                                 items[i]->describe());
    if (!names.insert(items[i]->text).second)
      return refuse(items[i]->text, "expects each tensor once, but got it "
                                    "twice");
    Expected<Tensor> tensor =
        readTensor(items[i]->text, *items[i + 1], findBytes);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
  return tensors;
}
