// Reads what torch.save wrote before PyTorch 1.6: pickles, then raw storages.
#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/Refusal.h"
#include "compiler/Import/StateDict.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace mobileone;

using Kind = PickleValue::Kind;

/// 0x1950a86a20f9469cfc6c, as the pickle of it stores its bytes.
static constexpr StringLiteral kMagic =
    "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
static constexpr int64_t kProtocol = 1001;

/// Reads the next pickle and moves `rest` behind it.
static Expected<Pickle> takePickle(StringRef subject, StringRef &rest) {
  Expected<Pickle> pickle = readPickle(subject, rest);
  if (pickle)
    rest = rest.drop_front(pickle->size);
  return pickle;
}

/// The three pickles before the first that is of interest.
static Error checkFormat(StringRef &rest) {
  Expected<Pickle> magic = takePickle("magic number", rest);
  if (!magic)
    return magic.takeError();
  if (!magic->root->is(Kind::BigInt) ||
      (magic->root->text != kMagic &&
       ("L" + magic->root->text + "L\n").str() != kTextMagic))
    return refuse("magic number", "expects that of a PyTorch stream, but got " +
                                      magic->root->describe());
  Expected<Pickle> protocol = takePickle("protocol version", rest);
  if (!protocol)
    return protocol.takeError();
  if (!protocol->root->is(Kind::Int) || protocol->root->integer != kProtocol)
    return refuse("protocol version", "expects " + Twine(kProtocol) +
                                          ", but got " +
                                          protocol->root->describe());
  Expected<Pickle> system = takePickle("system information", rest);
  if (!system)
    return system.takeError();
  const PickleValue *isLittle = system->root->lookup("little_endian");
  if (!isLittle || !isLittle->is(Kind::Bool) || !isLittle->integer)
    return refuse("system information",
                  "expects little_endian to be True, but "
                  "got " +
                      (isLittle ? isLittle->describe() : "no such entry"));
  return Error::success();
}

/// The storages stand in the order of `keys`, each after its element count.
static Expected<StringMap<StringRef>>
readStorages(const PickleValue &keys, const StringMap<TorchStorage> &declared,
             StringRef rest) {
  StringMap<StringRef> bytesOf;
  if (!keys.is(Kind::List))
    return refuse("storage keys", "expects a list, but got " + keys.describe());
  for (const PickleValue *key : keys.items) {
    auto it = key->is(Kind::String) ? declared.find(key->text) : declared.end();
    if (it == declared.end())
      return refuse("storage keys",
                    "expects keys of storages in use, but got " +
                        key->describe());
    const TorchStorage &storage = it->second;
    std::string subject = ("storage '" + storage.key + "'").str();
    if (rest.size() < sizeof(int64_t))
      return refuse(subject, "expects an element count, but got the end of the "
                             "file");
    auto count = static_cast<int64_t>(support::endian::read64le(rest.data()));
    rest = rest.drop_front(sizeof(int64_t));
    if (count != storage.elementCount)
      return refuse(subject, "expects " + Twine(storage.elementCount) +
                                 " elements, but got " + Twine(count));
    if (storage.getBytes() > rest.size())
      return refuse(subject, "expects " + Twine(storage.getBytes()) +
                                 " bytes, but the file ends after " +
                                 Twine(rest.size()) + " of them");
    if (!bytesOf.try_emplace(storage.key, rest.take_front(storage.getBytes()))
             .second)
      return refuse(subject, "expects its key once, but got it twice");
    rest = rest.drop_front(storage.getBytes());
  }
  if (!rest.empty())
    return refuse("", "expects the last storage to end the file, but got " +
                          Twine(rest.size()) + " bytes after it");
  return bytesOf;
}

Expected<std::vector<StateDict>>
mobileone::readTorchLegacy(StringRef file, std::optional<StringRef> key) {
  StringRef rest = file;
  if (Error error = checkFormat(rest))
    return std::move(error);
  Expected<Pickle> object = takePickle("state dict", rest);
  if (!object)
    return object.takeError();
  Expected<Pickle> keys = takePickle("storage keys", rest);
  if (!keys)
    return keys.takeError();

  StringMap<TorchStorage> declared;
  for (const PickleValue *value : object->storages) {
    Expected<TorchStorage> storage = parseStorage("state dict", *value);
    if (!storage)
      return storage.takeError();
    auto [it, isNew] = declared.try_emplace(storage->key, *storage);
    if (!isNew && (it->second.elementType != storage->elementType ||
                   it->second.elementCount != storage->elementCount))
      return refuse(("storage '" + storage->key + "'").str(),
                    "expects one type and size, but got two");
  }
  Expected<StringMap<StringRef>> bytesOf =
      readStorages(*keys->root, declared, rest);
  if (!bytesOf)
    return bytesOf.takeError();
  return readStateDicts(
      "state dict", *object->root, key,
      [&](const TorchStorage &storage) -> Expected<StringRef> {
        auto it = bytesOf->find(storage.key);
        if (it == bytesOf->end())
          return refuse(("storage '" + storage.key + "'").str(),
                        "expects its bytes in the file, but got none");
        return it->second;
      });
}
