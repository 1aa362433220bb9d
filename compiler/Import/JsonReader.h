// Reads the values of a JSON object, each by the rule that it keeps.
#ifndef MOBILEONE_COMPILER_IMPORT_JSONREADER_H
#define MOBILEONE_COMPILER_IMPORT_JSONREADER_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace mobileone {

/// A value as an error shows it.
std::string formatValue(const llvm::json::Value *value);

/// The integers that a value may be: from `low` to `high`, or one of `choices`.
struct IntegerRule {
  int64_t low = 0, high = 0;
  llvm::ArrayRef<int64_t> choices = {};

  bool allows(int64_t number) const;
  std::string format() const; // "1, 3 or 5", "a number in 1..64"
};

/// One object. A read leaves its target as it is where the object has no such
/// key, unless it is required; what is wrong is told at the end by finish(),
/// by its path: "blocks[3].stride: expects 1 or 2, but got 5".
class JsonReader {
public:
  /// `path` stands before each key: "" or "blocks[3].".
  JsonReader(const llvm::json::Object &object, std::string path = "")
      : object(object), path(std::move(path)) {}

  enum Need { Optional, Required };

  bool has(llvm::StringRef key) const { return object.get(key); }

  void read(llvm::StringRef key, const IntegerRule &rule, int64_t &value,
            Need need = Optional);
  void read(llvm::StringRef key, bool &value);
  /// A finite number above 0.
  void read(llvm::StringRef key, std::optional<double> &value);
  void read(llvm::StringRef key, std::string &value);
  /// One of the names in `choices`.
  template <typename T>
  void read(llvm::StringRef key,
            llvm::ArrayRef<std::pair<llvm::StringLiteral, T>> choices,
            T &value) {
    llvm::SmallVector<llvm::StringRef> names;
    for (const auto &choice : choices)
      names.push_back(choice.first);
    if (std::optional<size_t> index = readName(key, names))
      value = choices[*index].second;
  }
  /// A list of `low` to `high` values.
  const llvm::json::Array *readArray(llvm::StringRef key, size_t low,
                                     size_t high, llvm::StringRef what,
                                     Need need = Optional);
  /// Calls `set` with the index and an integer of each of `count` stages; one
  /// integer is that of each.
  void readStages(llvm::StringRef key, size_t count, const IntegerRule &rule,
                  llvm::function_ref<void(size_t, int64_t)> set,
                  Need need = Optional);
  /// An integer, or a list of 1 to `most`, one per `what`; empty where the
  /// object has no such key.
  std::vector<int64_t> readList(llvm::StringRef key, size_t most,
                                const IntegerRule &rule, llvm::StringRef what);
  /// An integer that stands at `place`.
  std::optional<int64_t> readInteger(const llvm::Twine &place,
                                     const llvm::json::Value &value,
                                     const IntegerRule &rule);

  /// Notes what is wrong at `place`, of which the first is told.
  void refuse(const llvm::Twine &place, const llvm::Twine &message);
  bool hasFailed() const { return !message.empty(); }

  /// What was wrong first; before it, a key that nobody has asked for.
  llvm::Error finish();

private:
  const llvm::json::Value *find(llvm::StringRef key, Need need,
                                llvm::StringRef what);
  std::optional<size_t> readName(llvm::StringRef key,
                                 llvm::ArrayRef<llvm::StringRef> names);

  const llvm::json::Object &object;
  std::string path;
  llvm::SmallVector<llvm::StringRef> keys; // that were asked for
  std::string message;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_JSONREADER_H
