// Reads a Python pickle as data. Nothing is imported, called or executed.
#ifndef MOBILEONE_COMPILER_IMPORT_PICKLE_H
#define MOBILEONE_COMPILER_IMPORT_PICKLE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace mobileone {

/// One value of the object graph. Values may be shared and may contain
/// themselves, so code that walks them goes to a fixed depth.
struct PickleValue {
  enum class Kind : uint8_t {
    None,
    Bool,   // integer
    Int,    // integer
    Float,  // its value is never needed
    BigInt, // text: little-endian two's complement, or decimal digits
    String, // text
    Bytes,  // text
    Tuple,  // items
    List,   // items
    Dict,   // items: key, value, key, value, ...
    Global, // text: "module.name"; only a name
    Object, // text: what would have been called; items: a tuple of arguments
    Storage // items: the persistent id
  };

  Kind kind = Kind::None;
  /// Levels of values inside, as far as known when it was built.
  uint16_t depth = 0;
  int64_t integer = 0;
  llvm::StringRef text;
  llvm::SmallVector<PickleValue *, 0> items;

  bool is(Kind other) const { return kind == other; }
  /// The arguments if this is what a call of the global `callee` would give,
  /// else null.
  const PickleValue *getArgsOf(llvm::StringRef callee) const;
  /// The value behind a string key of a Dict, else null.
  const PickleValue *lookup(llvm::StringRef key) const;
  /// "a list", "an object of os.system": for messages.
  std::string describe() const;
};

/// A pickle that has been read, of protocols 0 to 5.
struct Pickle {
  PickleValue *root = nullptr;
  /// The arguments of every persistent id, in order of appearance.
  std::vector<PickleValue *> storages;
  /// Bytes up to and including STOP.
  size_t size = 0;

  // Own the values, and the names of globals.
  std::unique_ptr<llvm::SpecificBumpPtrAllocator<PickleValue>> values;
  llvm::StringSet<> globals;
};

/// Reads the pickle at the beginning of `stream`, which must stay alive.
/// `subject` names the stream in errors. Globals stay names; those that only a
/// hostile file has (os.system, builtins.eval, ...) are refused.
llvm::Expected<Pickle> readPickle(llvm::StringRef subject,
                                  llvm::StringRef stream);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_PICKLE_H
