// The state of the pickle machine, and what its opcodes are made of.
#ifndef MOBILEONE_COMPILER_IMPORT_PICKLEMACHINE_H
#define MOBILEONE_COMPILER_IMPORT_PICKLEMACHINE_H

#include "compiler/Import/Pickle.h"
#include "compiler/Import/PickleStream.h"
#include "llvm/ADT/DenseMap.h"
#include <array>

namespace mobileone {

class PickleMachine {
public:
  using Kind = PickleValue::Kind;

  PickleMachine(llvm::StringRef subject, llvm::StringRef stream)
      : stream(subject, stream) {
    pickle.values =
        std::make_unique<llvm::SpecificBumpPtrAllocator<PickleValue>>();
  }

  llvm::Expected<Pickle> run();

private:
  llvm::Error step(uint8_t opcode);

  llvm::Error damaged(const llvm::Twine &message) {
    return stream.damaged(message);
  }

  // The stack. Values below the last mark are out of reach.
  size_t getFloor() const { return marks.empty() ? 0 : marks.back(); }
  llvm::Error need(size_t count);
  PickleValue *pop() { return stack.pop_back_val(); }
  /// The values above the last mark, which is removed with them.
  llvm::Expected<llvm::SmallVector<PickleValue *, 0>> popMark();

  // Making values. Those without a text of their own are made once.
  llvm::Error pushShared(Kind kind, uint8_t integer = 0);
  llvm::Error push(Kind kind, llvm::StringRef text = "", int64_t integer = 0);
  llvm::Error push(Kind kind, llvm::SmallVector<PickleValue *, 0> items,
                   llvm::StringRef text = "");
  llvm::Error push(Kind kind, llvm::Expected<llvm::StringRef> text);
  llvm::Error pushInteger(llvm::StringRef text);
  llvm::Error pushTuple(size_t count);
  llvm::Error pushGlobal(llvm::StringRef module, llvm::StringRef name);
  /// The result of calling `callee` with a tuple, were it called.
  llvm::Error pushObject(PickleValue *callee, PickleValue *args);
  llvm::Error pushStorage(PickleValue *id);

  /// Makes a dict of `pairs`, unless that is no list of pairs. What is copied
  /// stays below the stream's size.
  bool pushPairs(const PickleValue &pairs);

  /// Adds to a list or dict. An opaque object that is given keys is a dict of a
  /// class of its own; other items are dropped.
  llvm::Error extend(llvm::ArrayRef<PickleValue *> items, Kind container);
  llvm::Error remember(uint64_t slot);
  llvm::Error recall(llvm::Expected<uint64_t> slot);

  PickleStream stream;
  size_t valueCount = 0, copiedCount = 0;
  std::array<std::array<PickleValue *, 256>, 4> shared = {}; // by kind, integer
  llvm::SmallVector<PickleValue *, 64> stack;
  llvm::SmallVector<size_t, 16> marks;
  llvm::DenseMap<uint64_t, PickleValue *> memo;
  Pickle pickle;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_PICKLEMACHINE_H
