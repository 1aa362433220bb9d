// What the compiler is told to do.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_OPTIONS_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_OPTIONS_H

#include "compiler/Conversion/Passes.h"
#include "compiler/Import/Importer.h"
#include "compiler/Machine/Target.h"

namespace mobileone {

/// What to write. Auto is the named passes' IR.
enum class EmitKind {
  Auto,
  Train,
  Reparameterized,
  Linalg,
  Vector,
  Llvm,
  LlvmIr,
  Asm,
  Obj,
  Stats
};

struct CompileOptions {
  EmitKind emit = EmitKind::Auto;
  ImportOptions import;
  /// Flags that say something of a checkpoint and nothing of IR.
  llvm::SmallVector<llvm::StringRef> checkpointFlags;
  /// Flags that say something of a compile, and nothing of IR that goes through
  /// named passes; and from which stage on they do.
  llvm::SmallVector<std::pair<llvm::StringRef, EmitKind>> stageFlags;
  /// An error for one that the stages up to `last` do not know.
  llvm::Error checkStage(EmitKind last) const;
  std::string prefix; // empty: mobileone_<variant>
  /// Images of P_run, then further counts that the header gives sizes for.
  std::vector<uint32_t> batches;
  const Target *target = nullptr;
  /// The target's levels to generate code for, lowest first.
  llvm::SmallVector<const IsaLevel *> levels;
  Instrument instrument = Instrument::None;
  std::string saveTemps; // folder, empty: none
  std::string schedule;  // file, empty: none
  std::string tune;      // file to write, empty: none
  bool printSchedule = false;
  bool printMemoryPlan = false;
  bool overwrite = false;
  bool json = false; // of stats
};

/// Reads the parsed flags; `output` decides what to write where --emit does
/// not. Prints an error and returns none where a value is wrong.
std::optional<CompileOptions> readCompileOptions(llvm::StringRef output);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_OPTIONS_H
