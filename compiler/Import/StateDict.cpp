// Recognizes the calls by which PyTorch would rebuild tensors, without calling.
#include "compiler/Import/StateDict.h"

#include "compiler/Import/Layouts.h"
#include "compiler/Import/Refusal.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mobileone;

using Kind = PickleValue::Kind;

/// One short pickled string or tuple can stand in any number of tensors, so
/// what is copied or hashed for each tensor is kept short.
static constexpr size_t kMaxKeyLength = 200;
static constexpr size_t kMaxRank = 8;

/// Deep enough for every trainer; keys that are longer lead to no state dict.
static constexpr unsigned kMaxDepth = 16;
/// As many networks as one file may hold.
static constexpr size_t kMaxDicts = 64;

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
  bool isTorch = typeName.consume_front("torch.");
  typeName.consume_front("storage."); // where UntypedStorage stands
  storage.elementType =
      isTorch ? ElementType::findTorchStorage(typeName) : nullptr;
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

/// The tensor inside of a parameter.
static const PickleValue *unwrap(const PickleValue &value) {
  // (data, requires gradient, hooks[, state])
  for (StringRef callee : {"torch._utils._rebuild_parameter",
                           "torch._utils._rebuild_parameter_with_state"})
    if (const PickleValue *args = value.getArgsOf(callee))
      if (!args->items.empty())
        return args->items.front();
  return &value;
}

/// The arguments from which PyTorch rebuilds a plain tensor, or null.
static const PickleValue *getTensorArgs(const PickleValue &value) {
  constexpr StringLiteral kRebuild = "torch._utils._rebuild_tensor_v2";
  if (const PickleValue *args = value.getArgsOf(kRebuild))
    return args;
  // (callee, class, arguments, state): a tensor with attributes of its own
  const PickleValue *args =
      value.getArgsOf("torch._tensor._rebuild_from_type_v2");
  if (args && args->items.size() == 4 && args->items[0]->is(Kind::Global) &&
      args->items[0]->text == kRebuild && args->items[2]->is(Kind::Tuple))
    return args->items[2];
  return nullptr;
}

static Expected<Tensor>
readTensor(StringRef name, const PickleValue &value,
           function_ref<Expected<StringRef>(const TorchStorage &)> findBytes) {
  const PickleValue *plain = unwrap(value);
  const PickleValue *args = getTensorArgs(*plain);
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

namespace {

/// Finds the dictionaries of a pickle that may be state dicts, with `key` only
/// those of networks to which it leads.
class DictSearch {
public:
  explicit DictSearch(std::optional<StringRef> key) : key(key) {}

  struct Found {
    const PickleValue *dict;
    std::string path;
  };

  /// `path` are the keys that lead to `value`.
  void visit(const PickleValue &value, SmallVectorImpl<std::string> &path);

  std::vector<Found> networks; // which have a stem
  Found largest{nullptr, ""};
  /// The first object of a class under a key that names a model.
  const PickleValue *model = nullptr;
  std::string modelPath;

private:
  void visitDict(const PickleValue &dict, ArrayRef<std::string> path);

  std::optional<StringRef> key;
  size_t mostTensors = 0;
  DenseSet<const PickleValue *> seen;
};

} // namespace

static bool isTensor(const PickleValue &value) {
  return value.is(Kind::Object) && value.text.starts_with("torch._");
}

void DictSearch::visitDict(const PickleValue &dict,
                           ArrayRef<std::string> path) {
  size_t tensorCount = 0;
  bool hasStem = false;
  for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const PickleValue &key = *dict.items[i], &value = *dict.items[i + 1];
    if (!key.is(Kind::String) || key.text.size() > kMaxKeyLength)
      continue;
    tensorCount += isTensor(value);
    hasStem |= !findPlaces(dropInfixes(key.text)).empty();
    static constexpr StringLiteral kModels[] = {"model", "ema", "net", "module",
                                                "network"};
    if (!model && value.is(Kind::Object) && !isTensor(value) &&
        is_contained(kModels, key.text)) {
      model = &value;
      modelPath = key.text.str();
    }
  }
  if (hasStem && networks.size() <= kMaxDicts &&
      (!key || leadsTo(*key, join(path, "/"))))
    networks.push_back({&dict, join(path, "/")});
  if (!largest.dict || tensorCount > mostTensors) {
    largest = {&dict, join(path, "/")};
    mostTensors = tensorCount;
  }
}

void DictSearch::visit(const PickleValue &value,
                       SmallVectorImpl<std::string> &path) {
  bool isDict = value.is(Kind::Dict);
  if (!(isDict || value.is(Kind::List) || value.is(Kind::Tuple)) ||
      !seen.insert(&value).second)
    return;
  if (isDict)
    visitDict(value, path);
  if (path.size() == kMaxDepth)
    return;
  for (size_t i = isDict; i < value.items.size(); i += isDict ? 2 : 1) {
    const PickleValue &item = *value.items[i];
    if (item.items.empty() || item.is(Kind::Object) || item.is(Kind::Storage))
      continue;
    if (!isDict) {
      path.push_back(std::to_string(i));
    } else {
      const PickleValue &key = *value.items[i - 1];
      if (!key.is(Kind::String) || key.text.size() > kMaxKeyLength)
        continue;
      path.push_back(key.text.str());
    }
    visit(item, path);
    path.pop_back();
  }
}

static StateDict
readDict(const DictSearch::Found &found,
         function_ref<Expected<StringRef>(const TorchStorage &)> findBytes) {
  StateDict dict{found.path, {}, {}};
  StringMap<unsigned> counts;
  ArrayRef<PickleValue *> items = found.dict->items;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    const PickleValue &key = *items[i], &value = *items[i + 1];
    if (!key.is(Kind::String))
      continue;
    StringRef name = key.text.take_front(kMaxKeyLength);
    unsigned count = ++counts[name];
    if (count > 2)
      continue; // the second one says enough
    Expected<Tensor> tensor =
        key.text.size() > kMaxKeyLength
            ? refuse(name, "expects a key of at most " + Twine(kMaxKeyLength) +
                               " characters, but got " + Twine(key.text.size()))
        : count == 2
            ? refuse(name, "expects each tensor once, but got it twice")
            : readTensor(name, value, findBytes);
    if (tensor)
      dict.tensors.push_back(std::move(*tensor));
    else
      dict.faults.push_back({name.str(), toString(tensor.takeError()),
                             count == 2 || isTensor(value)});
  }
  return dict;
}

Expected<std::vector<StateDict>> mobileone::readStateDicts(
    StringRef subject, const PickleValue &root, std::optional<StringRef> key,
    function_ref<Expected<StringRef>(const TorchStorage &)> findBytes) {
  constexpr StringLiteral kAdvice = " (save model.state_dict(), not the model)";
  if (root.is(Kind::Object))
    return refuse(subject, "expects a state dict at top level, but got " +
                               root.describe() + kAdvice);
  auto run = [&](std::optional<StringRef> key) {
    DictSearch search(key);
    SmallVector<std::string> path;
    search.visit(root, path);
    return search;
  };
  DictSearch search = run(key);
  // A key that leads nowhere is refused by who knows where networks are.
  if (key && search.networks.empty())
    search = run(std::nullopt);
  if (!search.largest.dict)
    return refuse(subject, "expects a state dict, but got " + root.describe());
  if (search.networks.size() > kMaxDicts)
    return refuse(subject, "expects at most " + Twine(kMaxDicts) +
                               " networks, but got more: choose one by "
                               "--key=PATH");
  if (search.networks.empty()) {
    if (search.model)
      return refuse(search.modelPath, "expects a state dict, but got " +
                                          search.model->describe() + kAdvice);
    search.networks.push_back(search.largest);
  }
  std::vector<StateDict> dicts;
  for (const DictSearch::Found &found : search.networks)
    dicts.push_back(readDict(found, findBytes));
  return dicts;
}
