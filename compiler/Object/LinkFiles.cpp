// Text of the files by which build systems find an object. Its folder is
// theirs, wherever they are moved to.
#include "compiler/Object/LinkFiles.h"

#include <fmt/format.h>

using namespace mobileone;

llvm::Error mobileone::checkLinkName(llvm::StringRef name) {
  constexpr llvm::StringLiteral known = "abcdefghijklmnopqrstuvwxyz"
                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789_+-.";
  if (!name.empty() && name.find_first_not_of(known) == llvm::StringRef::npos)
    return llvm::Error::success();
  return llvm::createStringError(
      "expects names of letters, digits and _+-. alone, as targets of CMake "
      "have, but got '" +
      name + "'");
}

/// A comment of one line, whatever the checkpoint is called.
static std::string formatMark(const ModelInfo &model, llvm::StringRef source) {
  std::string line = source.str();
  for (char &c : line)
    if (static_cast<unsigned char>(c) < ' ')
      c = '?';
  return fmt::format("{} {} from {}; do not edit.", kLinkFileMark.str(),
                     model.info.tool_version, line);
}

static std::string describe(const ModelInfo &model) {
  return fmt::format("MobileOne {} in {} for {}", model.info.variant,
                     model.info.precision, model.info.target);
}

std::string mobileone::formatPkgConfig(const ModelInfo &model,
                                       llvm::StringRef source,
                                       llvm::StringRef name,
                                       llvm::StringRef file) {
  std::string text = formatMark(model, source) + "\n";
  if (model.info.external_weights)
    text += fmt::format("weights=${{pcfiledir}}/{}.weights\n", name.str());
  return text + fmt::format(R"(Name: {name}
Description: {what}
Version: {version}
Cflags: -I${{pcfiledir}}
Libs: ${{pcfiledir}}/{file}
)",
                            fmt::arg("name", name.str()),
                            fmt::arg("what", describe(model)),
                            fmt::arg("version", model.info.tool_version),
                            fmt::arg("file", file.str()));
}

/// What CMake is told of each form, and how the file is called there.
static std::pair<const char *, const char *> getKind(LinkedAs form) {
  switch (form) {
  case LinkedAs::Object:
    return {"INTERFACE", "INTERFACE_LINK_LIBRARIES"};
  case LinkedAs::Archive:
    return {"STATIC", "IMPORTED_LOCATION"};
  case LinkedAs::Shared:
    return {"SHARED", "IMPORTED_LOCATION"};
  }
  llvm_unreachable("every form has a kind");
}

std::string mobileone::formatCMakeConfig(const ModelInfo &model,
                                         llvm::StringRef source,
                                         llvm::StringRef name,
                                         llvm::StringRef file, LinkedAs form) {
  auto [kind, location] = getKind(form);
  std::string more;
  if (form == LinkedAs::Shared)
    more += fmt::format("\n    IMPORTED_SONAME \"{}\"", file.str());
  if (model.info.external_weights)
    more += fmt::format("\n    MOBILEONE_WEIGHTS "
                        "\"${{CMAKE_CURRENT_LIST_DIR}}/{}.weights\"",
                        name.str());
  return fmt::format(
      R"({mark}
# find_package({name} CONFIG PATHS <this folder>): the target {name}::{name},
# {what}.
if(NOT TARGET {name}::{name})
  add_library({name}::{name} {kind} IMPORTED)
  set_target_properties({name}::{name} PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${{CMAKE_CURRENT_LIST_DIR}}"
    {location} "${{CMAKE_CURRENT_LIST_DIR}}/{file}"{more})
endif()
)",
      fmt::arg("mark", formatMark(model, source)), fmt::arg("name", name.str()),
      fmt::arg("what", describe(model)), fmt::arg("kind", kind),
      fmt::arg("location", location), fmt::arg("file", file.str()),
      fmt::arg("more", more));
}
