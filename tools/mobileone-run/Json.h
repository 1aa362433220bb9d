// What the modes print with --json: one value, on the standard output.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_JSON_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_JSON_H

#include "compiler/Execution/LoadedModel.h"

#include "llvm/Support/JSON.h"

namespace mobileone::run {

/// Prints what `write` writes.
void printJson(llvm::function_ref<void(llvm::json::OStream &)> write);

/// A number as short as it can be and still be read back exactly; JSON has no
/// NaN and no infinity: they are null.
void writeNumber(llvm::json::OStream &json, llvm::StringRef name, double value);
void writeNumber(llvm::json::OStream &json, llvm::StringRef name, float value);
void writeNumbers(llvm::json::OStream &json, llvm::StringRef name,
                  llvm::ArrayRef<float> values);

/// What runs: "model", "variant", "precision", "height", "width", "isa" and
/// "threads".
void writeModel(llvm::json::OStream &json, const LoadedModel &model);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_JSON_H
