// What a pickle's values are called and how a dict is searched.
#include "compiler/Import/Pickle.h"

using namespace llvm;
using namespace mobileone;

const PickleValue *PickleValue::lookup(StringRef key) const {
  if (kind != Kind::Dict)
    return nullptr;
  for (size_t i = 0; i + 1 < items.size(); i += 2)
    if (items[i]->is(Kind::String) && items[i]->text == key)
      return items[i + 1];
  return nullptr;
}

const PickleValue *PickleValue::getArgsOf(StringRef callee) const {
  return kind == Kind::Object && text == callee ? items.front() : nullptr;
}

std::string PickleValue::describe() const {
  switch (kind) {
  case Kind::None:
    return "None";
  case Kind::Bool:
    return integer ? "True" : "False";
  case Kind::Int:
    return "the integer " + std::to_string(integer);
  case Kind::BigInt:
    return "a large integer";
  case Kind::Float:
    return "a float";
  case Kind::String:
    return "the string '" + text.take_front(80).str() + "'";
  case Kind::Bytes:
    return "bytes";
  case Kind::Tuple:
    return "a tuple";
  case Kind::List:
    return "a list";
  case Kind::Dict:
    return "a dict";
  case Kind::Global:
    return "the global " + text.str();
  case Kind::Object:
    return "an object of " + text.str();
  case Kind::Storage:
    return "a storage";
  }
  llvm_unreachable("all kinds are listed");
}
