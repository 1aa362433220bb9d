// Links a generated object into this process and calls its functions.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_LOADEDMODEL_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_LOADEDMODEL_H

#include "compiler/Execution/LinkedObject.h"
#include "runtime/mobileone.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <optional>
#include <string>

namespace mobileone::run {

/// A model whose object was linked into this process, with an arena of its own.
class LoadedModel {
public:
  /// Fails with one line that names the file if it is no object of a MobileOne
  /// model for this machine.
  static llvm::Expected<std::unique_ptr<LoadedModel>>
  load(llvm::StringRef path);

  /// The prefix of the object's symbols, such as `mobileone_s0`.
  const std::string &name() const { return prefix; }
  const mobileone_model_info &info() const { return *modelInfo; }
  /// Floating point or bytes, as compiled.
  bool takesBytes() const {
    return modelInfo->input_layout == MOBILEONE_U8_NHWC;
  }
  /// The shape of one image's input, in its layout.
  std::array<uint32_t, 3> inputShape() const;
  mobileone_isa_level isa() const;

  /// Runs one image: `info().input_bytes` bytes in, `info().output_length`
  /// floats out.
  llvm::Error run(const void *input, float *output);

private:
  struct ArenaDeleter {
    void operator()(void *arena) const;
  };

  LoadedModel() = default;
  llvm::Error link(llvm::StringRef path);
  llvm::Error checkInfo(llvm::StringRef path) const;
  llvm::Error allocateArena(llvm::StringRef path);

  std::optional<LinkedObject> code;
  std::string prefix;
  const mobileone_model_info *modelInfo = nullptr;
  int (*runFunction)(const void *, float *, void *) = nullptr;
  size_t (*arenaBytesFunction)(uint32_t, uint32_t) = nullptr;
  uint32_t (*isaFunction)() = nullptr;
  std::unique_ptr<void, ArenaDeleter> arena;
};

/// The name of a level as `mobileone-opt --isa` takes it.
llvm::StringRef isaName(mobileone_isa_level level);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_LOADEDMODEL_H
