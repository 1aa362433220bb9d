// The opcodes (Python's Lib/pickletools.py documents them).
#include "compiler/Import/PickleMachine.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mobileone;

static constexpr int64_t kMaxProtocol = 5;

Error PickleMachine::step(uint8_t opcode) {
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
    return pushShared(Kind::None);
  case 0x88:
    return pushShared(Kind::Bool, 1);
  case 0x89:
    return pushShared(Kind::Bool, 0);
  case 'K': {
    Expected<uint64_t> value = stream.takeInteger(1);
    return value ? pushShared(Kind::Int, static_cast<uint8_t>(*value))
                 : value.takeError();
  }
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
      return pushShared(Kind::Bool, static_cast<uint8_t>(line->back() - '0'));
    int64_t value = 0;
    StringRef digits = line->rtrim('L');
    if (!digits.getAsInteger(10, value))
      return push(Kind::Int, "", value);
    if (digits.ltrim('-').empty() || !all_of(digits.ltrim('-'), isDigit))
      return damaged("expects an integer, but got another line");
    return push(Kind::BigInt, digits);
  }
  case 0x8a:   // LONG1
  case 0x8b: { // LONG4
    Expected<StringRef> text = stream.takeCounted(opcode == 0x8a ? 1 : 4);
    return text ? pushInteger(*text) : text.takeError();
  }
  case 'F':   // FLOAT
  case 'G': { // BINFLOAT
    Expected<StringRef> number =
        opcode == 'F' ? stream.takeLine() : stream.take(8);
    return number ? pushShared(Kind::Float) : number.takeError();
  }
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
  case 0x8e: // BINBYTES8
  case 0x96: // BYTEARRAY8
    return push(Kind::Bytes, stream.takeCounted(8));
  case 0x97: // NEXT_BUFFER: bytes that the file does not hold
    return push(Kind::Bytes);
  case 0x98: // READONLY_BUFFER
    return need(1);

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

Expected<Pickle> PickleMachine::run() {
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
  return PickleMachine(subject, stream).run();
}
