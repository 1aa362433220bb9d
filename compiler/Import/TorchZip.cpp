// Reads what torch.save writes since PyTorch 1.6: a zip archive of a pickle and
// one record per storage.
#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/Refusal.h"
#include "compiler/Import/StateDict.h"
#include "compiler/Import/ZipArchive.h"

using namespace llvm;
using namespace mobileone;

/// kMaxSupportedFileFormatVersion of PyTorch's caffe2/serialize/versions.h.
static constexpr int64_t kMaxVersion = 10;

/// What another zip archive is, by the end of a name in it, or "".
static StringRef describeArchive(const ZipArchive &archive) {
  static constexpr std::pair<StringLiteral, StringLiteral> kKinds[] = {
      {".npy", "NumPy arrays, .npz"},
      {"model.weights.h5", "a Keras model"},
      {".mlmodel", "a Core ML package"},
      {"saved_model.pb", "a TensorFlow model"},
      {"serialized_exported_program.json", "an exported PyTorch program"},
      {".safetensors", "a checkpoint in an archive: unpack it"},
      {".pth", "a checkpoint in an archive: unpack it"},
      {".pt", "a checkpoint in an archive: unpack it"},
      {".ckpt", "a checkpoint in an archive: unpack it"},
      {".tar", "a checkpoint in an archive: unpack it"},
      {"data.pkl", "an unpacked checkpoint packed again: save it anew"},
      {"AndroidManifest.xml", "an Android app"},
      {"[Content_Types].xml", "an office document"}};
  for (const auto &[suffix, kind] : kKinds)
    for (const ZipEntry &entry : archive.getEntries())
      if (entry.name.ends_with(suffix))
        return kind;
  return "";
}

/// The name of the folder that holds all records, with its slash.
static Expected<StringRef> findRoot(const ZipArchive &archive) {
  std::optional<StringRef> root;
  for (const ZipEntry &entry : archive.getEntries()) {
    auto [folder, name] = entry.name.split('/');
    if (name != "data.pkl")
      continue;
    if (root)
      return refuse(entry.name, "expects one data.pkl in the archive, but got "
                                "several");
    root = entry.name.take_front(folder.size() + 1);
  }
  if (!root) {
    StringRef kind = describeArchive(archive);
    std::string hint = kind.empty() ? "" : (" (" + kind + ")").str();
    return refuse("", "expects a PyTorch archive, but got no data.pkl in it" +
                          hint);
  }
  return *root;
}

/// Checks the records that say how to read the others. Older writers leave out
/// some of them.
static Error checkFormat(const ZipArchive &archive, StringRef root) {
  for (const ZipEntry &entry : archive.getEntries()) {
    StringRef name = entry.name;
    if (name.consume_front(root) &&
        (name == "constants.pkl" || name.starts_with("code/")))
      return refuse(entry.name, "expects a checkpoint, but got a TorchScript "
                                "archive");
  }
  if (const ZipEntry *entry = archive.find((root + "version").str())) {
    Expected<StringRef> text = archive.read(*entry);
    if (!text)
      return text.takeError();
    int64_t version = 0;
    if (text->trim().getAsInteger(10, version) || version > kMaxVersion)
      return refuse(entry->name, "expects a container version up to " +
                                     Twine(kMaxVersion) + ", but got " +
                                     text->trim().take_front(20));
  }
  if (const ZipEntry *entry = archive.find((root + "byteorder").str())) {
    Expected<StringRef> text = archive.read(*entry);
    if (!text)
      return text.takeError();
    if (*text != "little")
      return refuse(entry->name, "expects little-endian elements, but got " +
                                     text->take_front(20));
  }
  return Error::success();
}

Expected<std::vector<StateDict>>
mobileone::readTorchZip(StringRef file, std::optional<StringRef> key) {
  Expected<ZipArchive> archive = ZipArchive::open(file);
  if (!archive)
    return archive.takeError();
  Expected<StringRef> root = findRoot(*archive);
  if (!root)
    return root.takeError();
  if (Error error = checkFormat(*archive, *root))
    return std::move(error);
  const ZipEntry *entry = archive->find((*root + "data.pkl").str());
  Expected<StringRef> stream = archive->read(*entry);
  if (!stream)
    return stream.takeError();
  Expected<Pickle> pickle = readPickle(entry->name, *stream);
  if (!pickle)
    return pickle.takeError();

  StringMap<StringRef> records; // so that each is checked once
  auto findBytes = [&](const TorchStorage &storage) -> Expected<StringRef> {
    std::string name = (*root + "data/" + storage.key).str();
    auto [record, isNew] = records.try_emplace(name);
    if (isNew) {
      const ZipEntry *entry = archive->find(name);
      if (!entry)
        return refuse(name, "expects a record for storage '" + storage.key +
                                "', but got none");
      Expected<StringRef> bytes = archive->read(*entry);
      if (!bytes)
        return bytes.takeError();
      record->second = *bytes;
    }
    if (record->second.size() != storage.getBytes())
      return refuse(name, "expects " + Twine(storage.getBytes()) + " bytes (" +
                              Twine(storage.elementCount) + " elements of " +
                              storage.elementType->name + "), but got " +
                              Twine(record->second.size()));
    return record->second;
  };
  return readStateDicts(entry->name, *pickle->root, key, findBytes);
}
