// The stack, the memo, and how values are made and filled.
#include "compiler/Import/PickleMachine.h"

#include "compiler/Import/PickleGlobals.h"
#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mobileone;

/// A value takes about 50 bytes and an opcode makes at most one, so the memory
/// stays in proportion to the stream. Numbers, of which histories are made, are
/// shared. MobileOne's longest pickle has 40,000 values.
static constexpr size_t kMaxValues = 1 << 24;
/// State dicts with all that trainers put beside them stay below 20.
static constexpr uint16_t kMaxDepth = 100;
static constexpr size_t kMaxGlobalLength = 200;
/// DenseMap keeps two keys for itself; no writer counts that far.
static constexpr uint64_t kMaxSlot = 1u << 31;

Error PickleMachine::need(size_t count) {
  size_t available = stack.size() - getFloor();
  if (available >= count)
    return Error::success();
  return damaged("expects " + Twine(count) + " values on the stack, but got " +
                 Twine(available) + " (stack underflow)");
}

Expected<SmallVector<PickleValue *, 0>> PickleMachine::popMark() {
  if (marks.empty())
    return damaged("expects a mark on the stack, but got none (stack "
                   "underflow)");
  size_t floor = marks.pop_back_val();
  SmallVector<PickleValue *, 0> items(stack.begin() + floor, stack.end());
  stack.truncate(floor);
  return items;
}

Error PickleMachine::push(Kind kind, StringRef text, int64_t integer) {
  if (++valueCount > kMaxValues)
    return damaged("expects at most " + Twine(kMaxValues) +
                   " values, but got more");
  auto *value = new (pickle.values->Allocate()) PickleValue();
  value->kind = kind;
  value->text = text;
  value->integer = integer;
  stack.push_back(value);
  return Error::success();
}

Error PickleMachine::pushShared(Kind kind, uint8_t integer) {
  static_assert(static_cast<int>(Kind::None) == 0 &&
                static_cast<int>(Kind::Float) == 3);
  PickleValue *&value = shared[static_cast<size_t>(kind)][integer];
  if (value) {
    stack.push_back(value);
    return Error::success();
  }
  if (Error error = push(kind, "", integer))
    return error;
  value = stack.back();
  return Error::success();
}

Error PickleMachine::push(Kind kind, SmallVector<PickleValue *, 0> items,
                          StringRef text) {
  if (Error error = push(kind, text))
    return error;
  PickleValue *value = stack.back();
  value->items = std::move(items);
  for (PickleValue *item : value->items)
    value->depth = std::max<uint16_t>(value->depth, item->depth + 1);
  if (value->depth > kMaxDepth)
    return damaged("expects at most " + Twine(kMaxDepth) +
                   " nested values, but got more (nesting too deep)");
  return Error::success();
}

Error PickleMachine::push(Kind kind, Expected<StringRef> text) {
  if (!text)
    return text.takeError();
  return push(kind, *text);
}

/// An integer as LONG1 and LONG4 store it.
Error PickleMachine::pushInteger(StringRef text) {
  if (text.size() > sizeof(int64_t))
    return push(Kind::BigInt, text);
  uint64_t value = readLittleEndian(text);
  if (!text.empty())
    value = static_cast<uint64_t>(SignExtend64(value, 8 * text.size()));
  return push(Kind::Int, "", static_cast<int64_t>(value));
}

Error PickleMachine::pushTuple(size_t count) {
  if (Error error = need(count))
    return error;
  SmallVector<PickleValue *, 0> items(stack.end() - count, stack.end());
  stack.truncate(stack.size() - count);
  return push(Kind::Tuple, std::move(items));
}

Error PickleMachine::pushGlobal(StringRef module, StringRef name) {
  // Also because a long name in the memo could be repeated without end.
  if (module.size() + name.size() > kMaxGlobalLength)
    return damaged("expects a global of at most " + Twine(kMaxGlobalLength) +
                   " characters, but got " +
                   Twine(module.size() + name.size()));
  auto [global, isNew] = pickle.globals.insert((module + "." + name).str());
  StringRef full = global->getKey();
  if (isNew && isHostileGlobal(full))
    return refuse(stream.getSubject(),
                  "expects only data, but got the global " + full +
                      ", which runs code when PyTorch loads it (a "
                      "hostile file; nothing was run)");
  return push(Kind::Global, full);
}

Error PickleMachine::pushObject(PickleValue *callee, PickleValue *args) {
  if (!args->is(Kind::Tuple))
    return damaged("expects a tuple of arguments, but got " + args->describe());
  if (callee->is(Kind::Global) && callee->text == "collections.OrderedDict") {
    if (args->items.empty())
      return push(Kind::Dict);
    // As Python 2 pickles it.
    if (args->items.size() == 1 && pushPairs(*args->items.front()))
      return Error::success();
  }
  // (class, dict, content): an instance of a subclass in protocols 0 and 1.
  if (callee->is(Kind::Global) && callee->text.ends_with("._reconstructor") &&
      args->items.size() == 3 && args->items[2]->is(Kind::Dict)) {
    stack.push_back(args->items[2]);
    return Error::success();
  }
  // The tuple is kept as it is: a copy for each call of the same long tuple
  // would need memory out of proportion to the stream.
  return push(Kind::Object, {args},
              callee->is(Kind::Global) ? callee->text : "something unnamed");
}

bool PickleMachine::pushPairs(const PickleValue &pairs) {
  SmallVector<PickleValue *, 0> items;
  if (!pairs.is(Kind::List))
    return false;
  copiedCount += pairs.items.size();
  if (copiedCount > stream.getSize())
    return false;
  for (const PickleValue *pair : pairs.items) {
    if (!(pair->is(Kind::List) || pair->is(Kind::Tuple)) ||
        pair->items.size() != 2)
      return false;
    items.append(pair->items.begin(), pair->items.end());
  }
  // The nesting was checked when the pairs were made.
  if (Error error = push(Kind::Dict)) {
    consumeError(std::move(error));
    return false;
  }
  stack.back()->items = std::move(items);
  stack.back()->depth = pairs.depth;
  return true;
}

Error PickleMachine::pushStorage(PickleValue *id) {
  if (Error error = push(Kind::Storage, {id}))
    return error;
  pickle.storages.push_back(stack.back());
  return Error::success();
}

Error PickleMachine::extend(ArrayRef<PickleValue *> items, Kind container) {
  if (Error error = need(1))
    return error;
  PickleValue *target = stack.back();
  if (target->is(Kind::Object) && container == Kind::Dict) {
    target->kind = Kind::Dict;
    target->text = "";
    target->items.clear();
  }
  if (target->is(Kind::Object))
    return Error::success();
  if (!target->is(container))
    return damaged("expects a container to add to, but got " +
                   target->describe());
  if (container == Kind::Dict && items.size() % 2 != 0)
    return damaged("expects a value for each key, but got a key alone");
  for (PickleValue *item : items)
    target->depth = std::max<uint16_t>(target->depth, item->depth + 1);
  if (target->depth > kMaxDepth)
    return damaged("expects at most " + Twine(kMaxDepth) +
                   " nested values, but got more (nesting too deep)");
  target->items.append(items.begin(), items.end());
  return Error::success();
}

Error PickleMachine::remember(uint64_t slot) {
  if (Error error = need(1))
    return error;
  if (slot > kMaxSlot)
    return damaged("expects a memo entry below " + Twine(kMaxSlot) +
                   ", but got " + Twine(slot));
  memo[slot] = stack.back();
  return Error::success();
}

Error PickleMachine::recall(Expected<uint64_t> slot) {
  if (!slot)
    return slot.takeError();
  PickleValue *value = *slot > kMaxSlot ? nullptr : memo.lookup(*slot);
  if (!value)
    return damaged("expects a memo entry that was stored, but got entry " +
                   Twine(*slot));
  stack.push_back(value);
  return Error::success();
}
