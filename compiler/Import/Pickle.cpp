// The pickle machine (Python's Lib/pickletools.py documents the opcodes).
#include "compiler/Import/Pickle.h"

#include "compiler/Import/PickleStream.h"
#include "compiler/Import/Refusal.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mobileone;

using Kind = PickleValue::Kind;

//===----------------------------------------------------------------------===//
// Globals
//===----------------------------------------------------------------------===//

/// Globals that stand in no honest checkpoint. This list protects nobody, since
/// nothing is ever called; it tells the user what kind of file this is.
static bool isHostile(StringRef module, StringRef name) {
  static constexpr StringLiteral kModules[] = {
      "os",     "posix",  "nt",    "subprocess", "sys",   "pty",
      "socket", "shutil", "runpy", "importlib",  "ctypes"};
  static constexpr StringLiteral kBuiltins[] = {
      "eval", "exec", "execfile", "compile", "open", "__import__", "input"};
  if (module == "builtins" || module == "__builtin__")
    return is_contained(kBuiltins, name);
  return is_contained(kModules, module);
}

//===----------------------------------------------------------------------===//
// The machine
//===----------------------------------------------------------------------===//

namespace {

/// A value takes about 50 bytes and an opcode makes at most one, so this bounds
/// the memory. MobileOne's longest pickle has 40,000.
constexpr size_t kMaxValues = 1 << 20;
/// State dicts with all that trainers put beside them stay below 20.
constexpr uint16_t kMaxDepth = 100;
constexpr int64_t kMaxProtocol = 5;
constexpr size_t kMaxGlobalLength = 200;

class Machine {
public:
  Machine(StringRef subject, StringRef stream) : stream(subject, stream) {
    pickle.values = std::make_unique<SpecificBumpPtrAllocator<PickleValue>>();
    pickle.names = std::make_unique<BumpPtrAllocator>();
  }

  Expected<Pickle> run();

private:
  Error step(uint8_t opcode);

  Error damaged(const Twine &message) { return stream.damaged(message); }

  // The stack. Values below the last mark are out of reach.
  size_t getFloor() const { return marks.empty() ? 0 : marks.back(); }
  Error need(size_t count);
  PickleValue *pop() { return stack.pop_back_val(); }
  /// The values above the last mark, which is removed with them.
  Expected<SmallVector<PickleValue *, 0>> popMark();

  // Making values.
  Error push(Kind kind, StringRef text = "", int64_t integer = 0);
  Error push(Kind kind, SmallVector<PickleValue *, 0> items,
             StringRef text = "");
  Error push(Kind kind, Expected<StringRef> text);
  Error pushInteger(StringRef text);
  Error pushTuple(size_t count);
  Error pushGlobal(StringRef module, StringRef name);
  /// The result of calling `callee` with a tuple, were it called.
  Error pushObject(PickleValue *callee, PickleValue *args);
  Error pushStorage(PickleValue *id);

  /// Adds to a list or dict, or drops what an opaque object would be given.
  Error extend(ArrayRef<PickleValue *> items, Kind container);
  Error remember(uint64_t slot);
  Error recall(Expected<uint64_t> slot);

  PickleStream stream;
  size_t valueCount = 0;
  SmallVector<PickleValue *, 64> stack;
  SmallVector<size_t, 16> marks;
  DenseMap<uint64_t, PickleValue *> memo;
  Pickle pickle;
};

} // namespace

Error Machine::need(size_t count) {
  size_t available = stack.size() - getFloor();
  if (available >= count)
    return Error::success();
  return damaged("expects " + Twine(count) + " values on the stack, but got " +
                 Twine(available) + " (stack underflow)");
}

Expected<SmallVector<PickleValue *, 0>> Machine::popMark() {
  if (marks.empty())
    return damaged("expects a mark on the stack, but got none (stack "
                   "underflow)");
  size_t floor = marks.pop_back_val();
  SmallVector<PickleValue *, 0> items(stack.begin() + floor, stack.end());
  stack.truncate(floor);
  return items;
}

Error Machine::push(Kind kind, StringRef text, int64_t integer) {
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

Error Machine::push(Kind kind, SmallVector<PickleValue *, 0> items,
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

Error Machine::push(Kind kind, Expected<StringRef> text) {
  if (!text)
    return text.takeError();
  return push(kind, *text);
}

/// An integer as LONG1 and LONG4 store it.
Error Machine::pushInteger(StringRef text) {
  if (text.size() > sizeof(int64_t))
    return push(Kind::BigInt, text);
  uint64_t value = readLittleEndian(text);
  if (!text.empty())
    value = static_cast<uint64_t>(SignExtend64(value, 8 * text.size()));
  return push(Kind::Int, "", static_cast<int64_t>(value));
}

Error Machine::pushTuple(size_t count) {
  if (Error error = need(count))
    return error;
  SmallVector<PickleValue *, 0> items(stack.end() - count, stack.end());
  stack.truncate(stack.size() - count);
  return push(Kind::Tuple, std::move(items));
}

Error Machine::pushGlobal(StringRef module, StringRef name) {
  // Also because a long name in the memo could be repeated without end.
  if (module.size() + name.size() > kMaxGlobalLength)
    return damaged("expects a global of at most " + Twine(kMaxGlobalLength) +
                   " characters, but got " +
                   Twine(module.size() + name.size()));
  StringRef full = StringSaver(*pickle.names).save(module + "." + name);
  if (isHostile(module, name))
    return refuse(stream.getSubject(),
                  "expects only data, but got the global " + full +
                      ", which runs code when PyTorch loads it (a "
                      "hostile file; nothing was run)");
  return push(Kind::Global, full);
}

Error Machine::pushObject(PickleValue *callee, PickleValue *args) {
  if (!args->is(Kind::Tuple))
    return damaged("expects a tuple of arguments, but got " + args->describe());
  // The one container that PyTorch makes by a call.
  if (callee->is(Kind::Global) && callee->text == "collections.OrderedDict" &&
      args->items.empty())
    return push(Kind::Dict);
  // The tuple is kept as it is: a copy for each call of the same long tuple
  // would need memory out of proportion to the stream.
  return push(Kind::Object, {args},
              callee->is(Kind::Global) ? callee->text : "something unnamed");
}

Error Machine::pushStorage(PickleValue *id) {
  if (Error error = push(Kind::Storage, {id}))
    return error;
  pickle.storages.push_back(stack.back());
  return Error::success();
}

Error Machine::extend(ArrayRef<PickleValue *> items, Kind container) {
  if (Error error = need(1))
    return error;
  PickleValue *target = stack.back();
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

Error Machine::remember(uint64_t slot) {
  if (Error error = need(1))
    return error;
  // DenseMap keeps two keys for itself; no writer counts that far.
  if (slot > kMaxValues)
    return damaged("expects a memo entry below " + Twine(kMaxValues) +
                   ", but got " + Twine(slot));
  memo[slot] = stack.back();
  return Error::success();
}

Error Machine::recall(Expected<uint64_t> slot) {
  if (!slot)
    return slot.takeError();
  PickleValue *value = *slot > kMaxValues ? nullptr : memo.lookup(*slot);
  if (!value)
    return damaged("expects a memo entry that was stored, but got entry " +
                   Twine(*slot));
  stack.push_back(value);
  return Error::success();
}

Error Machine::step(uint8_t opcode) {
  // For opcodes that read one operand and do one thing with it.
  auto rememberAt = [&](Expected<uint64_t> slot) {
    return slot ? remember(*slot) : slot.takeError();
  };
  auto pushSigned = [&](unsigned bytes, bool isSigned) -> Error {
    Expected<uint64_t> value = stream.takeInteger(bytes);
    if (!value)
      return value.takeError();
    return push(Kind::Int, "",
                isSigned ? static_cast<int32_t>(*value)
                         : static_cast<int64_t>(*value));
  };
  auto pushMarked = [&](Kind kind) -> Error {
    Expected<SmallVector<PickleValue *, 0>> items = popMark();
    if (!items)
      return items.takeError();
    if (kind == Kind::Dict && items->size() % 2 != 0)
      return damaged("expects a value for each key, but got a key alone");
    return push(kind, std::move(*items));
  };
  auto extendMarked = [&](Kind container) -> Error {
    Expected<SmallVector<PickleValue *, 0>> items = popMark();
    return items ? extend(*items, container) : items.takeError();
  };

  switch (opcode) {
  // Framing.
  case 0x80: { // PROTO
    Expected<uint64_t> protocol = stream.takeInteger(1);
    if (!protocol)
      return protocol.takeError();
    if (*protocol > kMaxProtocol)
      return damaged("expects a protocol up to " + Twine(kMaxProtocol) +
                     ", but got " + Twine(*protocol));
    return Error::success();
  }
  case 0x95: // FRAME: only tells how much to read ahead
    return stream.takeInteger(8).takeError();

  // Constants.
  case 'N':
    return push(Kind::None);
  case 0x88:
    return push(Kind::Bool, "", 1);
  case 0x89:
    return push(Kind::Bool, "", 0);
  case 'K':
    return pushSigned(1, /*isSigned=*/false);
  case 'M':
    return pushSigned(2, /*isSigned=*/false);
  case 'J':
    return pushSigned(4, /*isSigned=*/true);
  case 'I':   // INT
  case 'L': { // LONG
    Expected<StringRef> line = stream.takeLine();
    if (!line)
      return line.takeError();
    if (*line == "00" || *line == "01")
      return push(Kind::Bool, "", line->back() - '0');
    int64_t value = 0;
    if (line->rtrim('L').getAsInteger(10, value))
      return damaged("expects a 64-bit integer, but got another line");
    return push(Kind::Int, "", value);
  }
  case 0x8a:   // LONG1
  case 0x8b: { // LONG4
    Expected<StringRef> text = stream.takeCounted(opcode == 0x8a ? 1 : 4);
    return text ? pushInteger(*text) : text.takeError();
  }
  case 'F':
    return push(Kind::Float, stream.takeLine());
  case 'G':
    return push(Kind::Float, stream.take(8));
  case 'S':   // STRING: quoted; escapes stay as they are, no key has any
  case 'V': { // UNICODE
    Expected<StringRef> line = stream.takeLine();
    if (!line)
      return line.takeError();
    return push(Kind::String, opcode == 'S' ? line->trim("'\"") : *line);
  }
  case 'T': // BINSTRING
  case 'X': // BINUNICODE
    return push(Kind::String, stream.takeCounted(4));
  case 'U':  // SHORT_BINSTRING
  case 0x8c: // SHORT_BINUNICODE
    return push(Kind::String, stream.takeCounted(1));
  case 0x8d: // BINUNICODE8
    return push(Kind::String, stream.takeCounted(8));
  case 'B':
    return push(Kind::Bytes, stream.takeCounted(4));
  case 'C':
    return push(Kind::Bytes, stream.takeCounted(1));
  case 0x8e:
    return push(Kind::Bytes, stream.takeCounted(8));

  // The stack and the memo.
  case '(':
    marks.push_back(stack.size());
    return Error::success();
  case '0': // POP, which also removes a mark
    if (!marks.empty() && marks.back() == stack.size()) {
      marks.pop_back();
      return Error::success();
    }
    if (Error error = need(1))
      return error;
    pop();
    return Error::success();
  case '1':
    return popMark().takeError();
  case '2': // DUP
    if (Error error = need(1))
      return error;
    stack.push_back(stack.back());
    return Error::success();
  case 'p':
    return rememberAt(stream.takeDecimal());
  case 'q':
    return rememberAt(stream.takeInteger(1));
  case 'r':
    return rememberAt(stream.takeInteger(4));
  case 0x94: // MEMOIZE
    return remember(memo.size());
  case 'g':
    return recall(stream.takeDecimal());
  case 'h':
    return recall(stream.takeInteger(1));
  case 'j':
    return recall(stream.takeInteger(4));

  // Containers. A set is as good as a list here.
  case ')':
    return push(Kind::Tuple);
  case 't':
    return pushMarked(Kind::Tuple);
  case 0x85:
  case 0x86:
  case 0x87:
    return pushTuple(opcode - 0x84);
  case ']':
  case 0x8f:
    return push(Kind::List);
  case 'l':
  case 0x91:
    return pushMarked(Kind::List);
  case 'a':
    if (Error error = need(2))
      return error;
    return extend(pop(), Kind::List);
  case 'e':
  case 0x90:
    return extendMarked(Kind::List);
  case '}':
    return push(Kind::Dict);
  case 'd':
    return pushMarked(Kind::Dict);
  case 's': { // SETITEM
    if (Error error = need(3))
      return error;
    PickleValue *value = pop(), *key = pop();
    return extend({key, value}, Kind::Dict);
  }
  case 'u':
    return extendMarked(Kind::Dict);

  // Globals and objects: names and arguments are noted, nothing happens.
  case 'c': { // GLOBAL
    Expected<StringRef> module = stream.takeLine();
    if (!module)
      return module.takeError();
    Expected<StringRef> name = stream.takeLine();
    return name ? pushGlobal(*module, *name) : name.takeError();
  }
  case 0x93: { // STACK_GLOBAL
    if (Error error = need(2))
      return error;
    PickleValue *name = pop(), *module = pop();
    if (!name->is(Kind::String) || !module->is(Kind::String))
      return damaged("expects two strings to name a global, but got " +
                     module->describe() + " and " + name->describe());
    return pushGlobal(module->text, name->text);
  }
  case 'R':    // REDUCE
  case 0x81:   // NEWOBJ
  case 0x92: { // NEWOBJ_EX, with keyword arguments on top
    bool hasKeywords = opcode == 0x92;
    if (Error error = need(hasKeywords ? 3 : 2))
      return error;
    if (hasKeywords)
      pop();
    PickleValue *args = pop(), *callee = pop();
    return pushObject(callee, args);
  }
  case 'i': { // INST
    Expected<StringRef> module = stream.takeLine();
    if (!module)
      return module.takeError();
    Expected<StringRef> name = stream.takeLine();
    if (!name)
      return name.takeError();
    if (Error error = pushMarked(Kind::Tuple))
      return error;
    PickleValue *args = pop();
    if (Error error = pushGlobal(*module, *name))
      return error;
    return pushObject(pop(), args);
  }
  case 'o': { // OBJ
    Expected<SmallVector<PickleValue *, 0>> args = popMark();
    if (!args)
      return args.takeError();
    if (args->empty())
      return damaged("expects a class above the mark, but got nothing (stack "
                     "underflow)");
    PickleValue *callee = args->front();
    args->erase(args->begin());
    if (Error error = push(Kind::Tuple, std::move(*args)))
      return error;
    return pushObject(callee, pop());
  }
  case 'b': // BUILD: the state of an object, such as a dict's _metadata
    if (Error error = need(2))
      return error;
    pop();
    return Error::success();
  case 'P':
    if (Error error = push(Kind::String, stream.takeLine()))
      return error;
    return pushStorage(pop());
  case 'Q':
    if (Error error = need(1))
      return error;
    return pushStorage(pop());
  default:
    return damaged("expects an opcode of protocols 0 to " +
                   Twine(kMaxProtocol) + ", but got 0x" +
                   utohexstr(opcode, /*LowerCase=*/true));
  }
}

Expected<Pickle> Machine::run() {
  while (true) {
    Expected<uint8_t> opcode = stream.takeOpcode();
    if (!opcode)
      return opcode.takeError();
    if (*opcode == '.')
      break;
    if (Error error = step(*opcode))
      return std::move(error);
  }
  if (Error error = need(1))
    return std::move(error);
  pickle.root = pop();
  pickle.size = stream.getPosition();
  return std::move(pickle);
}

Expected<Pickle> mobileone::readPickle(StringRef subject, StringRef stream) {
  return Machine(subject, stream).run();
}
