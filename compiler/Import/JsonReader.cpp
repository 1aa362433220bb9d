// Typed values of a JSON object, and what is wrong with them.
#include "compiler/Import/JsonReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace llvm;
using namespace mobileone;

std::string mobileone::formatValue(const json::Value *value) {
  if (!value)
    return "none";
  constexpr size_t most = 40;
  std::string text;
  raw_string_ostream(text) << *value;
  return text.size() <= most ? text : text.substr(0, most) + "...";
}

void JsonReader::refuse(const Twine &place, const Twine &text) {
  if (message.empty())
    message = (path + place + ": " + text).str();
}

const json::Value *JsonReader::find(StringRef key, Need need, StringRef what) {
  keys.push_back(key);
  const json::Value *value = object.get(key);
  if (!value && need == Required)
    refuse(key, "expects " + what + ", but got none");
  return value;
}

/// "1, 3 or 5".
static std::string joinChoices(ArrayRef<StringRef> choices) {
  std::string text = join(choices.drop_back(), ", ");
  return (text.empty() ? "" : text + " or ") + choices.back().str();
}

bool IntegerRule::allows(int64_t number) const {
  return choices.empty() ? number >= low && number <= high
                         : is_contained(choices, number);
}

std::string IntegerRule::format() const {
  if (choices.empty())
    return ("an integer in " + Twine(low) + ".." + Twine(high)).str();
  SmallVector<std::string> names;
  for (int64_t choice : choices)
    names.push_back(std::to_string(choice));
  return joinChoices(to_vector_of<StringRef>(names));
}

std::optional<int64_t> JsonReader::readInteger(const Twine &place,
                                               const json::Value &value,
                                               const IntegerRule &rule) {
  std::optional<int64_t> number = value.getAsInteger();
  if (number && rule.allows(*number))
    return number;
  refuse(place,
         "expects " + rule.format() + ", but got " + formatValue(&value));
  return std::nullopt;
}

void JsonReader::read(StringRef key, const IntegerRule &rule, int64_t &result,
                      Need need) {
  if (const json::Value *value = find(key, need, rule.format()))
    result = readInteger(key, *value, rule).value_or(result);
}

void JsonReader::read(StringRef key, bool &result) {
  const json::Value *value = find(key, Optional, "");
  if (!value)
    return;
  if (std::optional<bool> isTrue = value->getAsBoolean())
    result = *isTrue;
  else
    refuse(key, "expects true or false, but got " + formatValue(value));
}

void JsonReader::read(StringRef key, std::optional<double> &result) {
  const json::Value *value = find(key, Optional, "");
  if (!value)
    return;
  std::optional<double> number = value->getAsNumber();
  if (number && *number > 0 && !std::isinf(*number))
    result = number;
  else
    refuse(key,
           "expects a finite number above 0, but got " + formatValue(value));
}

void JsonReader::read(StringRef key, std::string &result) {
  const json::Value *value = find(key, Optional, "");
  if (!value)
    return;
  if (std::optional<StringRef> text = value->getAsString())
    result = text->str();
  else
    refuse(key, "expects a string, but got " + formatValue(value));
}

std::optional<size_t> JsonReader::readName(StringRef key,
                                           ArrayRef<StringRef> names) {
  const json::Value *value = find(key, Optional, "");
  if (!value)
    return std::nullopt;
  if (std::optional<StringRef> name = value->getAsString())
    if (const auto *it = llvm::find(names, *name); it != names.end())
      return it - names.begin();
  refuse(key,
         "expects " + joinChoices(names) + ", but got " + formatValue(value));
  return std::nullopt;
}

const json::Array *JsonReader::readArray(StringRef key, size_t low, size_t high,
                                         StringRef what, Need need) {
  std::string rule =
      ("an array of " + Twine(low) +
       (low == high ? "" : " to " + std::to_string(high)) + " " + what)
          .str();
  const json::Value *value = find(key, need, rule);
  if (!value)
    return nullptr;
  const json::Array *array = value->getAsArray();
  if (array && array->size() >= low && array->size() <= high)
    return array;
  refuse(key, "expects " + rule + ", but got " +
                  (array ? std::to_string(array->size()) : formatValue(value)));
  return nullptr;
}

void JsonReader::readStages(StringRef key, size_t count,
                            const IntegerRule &rule,
                            function_ref<void(size_t, int64_t)> set,
                            Need need) {
  std::string form = ("an integer, or an array of " + Twine(count) +
                      " integers, one per stage")
                         .str();
  const json::Value *value = find(key, need, form);
  if (!value)
    return;
  const json::Array *array = value->getAsArray();
  if (array ? array->size() != count : value->kind() != json::Value::Number)
    return refuse(key, "expects " + form + ", but got " + formatValue(value));
  for (size_t i = 0; i < count; ++i) {
    std::string place = key.str() + (array ? "[" + utostr(i) + "]" : "");
    if (std::optional<int64_t> number =
            readInteger(place, array ? (*array)[i] : *value, rule))
      set(i, *number);
  }
}

std::vector<int64_t> JsonReader::readList(StringRef key, size_t most,
                                          const IntegerRule &rule,
                                          StringRef what) {
  const json::Value *value = find(key, Optional, "");
  if (!value)
    return {};
  const json::Array *array = value->getAsArray();
  if (array && (array->empty() || array->size() > most)) {
    refuse(key, "expects " + rule.format() + ", or an array of 1 to " +
                    Twine(most) + ", one per " + what + ", but got " +
                    formatValue(value));
    return {};
  }
  std::vector<int64_t> numbers;
  for (size_t i = 0; i != (array ? array->size() : 1); ++i) {
    std::string place = key.str() + (array ? "[" + utostr(i) + "]" : "");
    if (std::optional<int64_t> number =
            readInteger(place, array ? (*array)[i] : *value, rule))
      numbers.push_back(*number);
  }
  return numbers;
}

Error JsonReader::finish() {
  SmallVector<StringRef> unknown;
  for (const auto &entry : object)
    if (!is_contained(keys, StringRef(entry.first)))
      unknown.push_back(entry.first);
  if (!unknown.empty())
    return createStringError(path + llvm::min_element(unknown)->str() +
                             ": expects one of " + join(keys, ", ") +
                             ", but got this key");
  return message.empty() ? Error::success() : createStringError(message);
}
