// Checks brackets and keys on the text, in which strings and brackets suffice.
#include "compiler/Import/JsonText.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mobileone;

/// The string that stands as `text` between quotes.
static std::string unescape(StringRef text) {
  if (!text.contains('\\'))
    return text.str();
  Expected<json::Value> value = json::parse(("\"" + text + "\"").str());
  if (value)
    return value->getAsString()->str();
  consumeError(value.takeError()); // json::parse of the whole finds it again
  return text.str();
}

/// llvm::json recurses without limit and silently keeps one of two equal keys,
/// so this checks both on the text, in which brackets and strings suffice.
static Error checkBrackets(StringRef subject, StringRef json, size_t maxDepth) {
  SmallVector<StringSet<>> open; // keys of each open bracket
  for (size_t i = 0; i < json.size(); ++i) {
    switch (json[i]) {
    case '{':
    case '[':
      if (open.size() == maxDepth)
        return refuse(subject, "expects at most " + Twine(maxDepth) +
                                   " nested brackets, but got more (nested too "
                                   "deeply)");
      open.emplace_back();
      break;
    case '}':
    case ']':
      if (!open.empty())
        open.pop_back();
      break;
    case '"': {
      size_t begin = ++i;
      while (i < json.size() && json[i] != '"')
        i += json[i] == '\\' ? 2 : 1;
      std::string text = unescape(json.slice(begin, i));
      StringRef rest = json.substr(i + 1).ltrim(" \t\r\n");
      if (!open.empty() && rest.starts_with(":") &&
          !open.back().insert(text).second)
        return refuse(text, "expects each key once, but got it twice");
      break;
    }
    default:
      break;
    }
  }
  return Error::success();
}

Expected<json::Value> mobileone::parseJson(StringRef subject, StringRef text,
                                           size_t maxDepth) {
  size_t badByte = 0;
  if (!json::isUTF8(text, &badByte))
    return refuse(subject,
                  "expects UTF-8, but got another byte at " + Twine(badByte));
  if (Error error = checkBrackets(subject, text, maxDepth))
    return std::move(error);
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return refuse(subject,
                  "expects valid JSON, but got " + toString(value.takeError()));
  return value;
}
