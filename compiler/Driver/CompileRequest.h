// What a compile is asked for, and what it gives back.
#ifndef MOBILEONE_COMPILER_DRIVER_COMPILEREQUEST_H
#define MOBILEONE_COMPILER_DRIVER_COMPILEREQUEST_H

#include "compiler/Conversion/Passes.h"
#include "compiler/Import/Importer.h"
#include "compiler/Machine/Target.h"
#include "compiler/Quantization/QuantizeNetwork.h"
#include "compiler/Schedule/Algorithm.h"

#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// What to make: figures of the network, or a stage, in their order.
enum class EmitKind {
  Stats,
  Train,
  Reparameterized,
  Quantized,
  Planned,
  Linalg,
  Vector,
  Llvm,
  LlvmIr,
  Asm,
  Obj,
  Archive,
  Shared
};

/// Whether `emit` is what an app links: an object, by itself or in another
/// form, with a header and a JSON file.
inline bool isLinkable(std::optional<EmitKind> emit) {
  return emit >= EmitKind::Obj;
}

/// In the object, or in a file beside it that callers map.
enum class WeightsPlace { Embed, External };

/// Of what numbers the network's layers are.
enum class Precision { F32, Int8 };

/// Bytes with a meaning.
struct Artifact {
  enum Kind {
    Result,      // what `emit` names
    Header,      // of an object: its C header
    Json,        // of an object: the facts of the header
    Weights,     // of an object with external weights: what is not in it
    CppHeader,   // of an object, if `also` has it: the C++ side of the header
    PkgConfig,   // of an object, if `also` has it: how pkg-config finds it
    CMakeConfig, // of an object, if `also` has it: how CMake finds it
    Schedules,   // of `tune`, as `schedule` reads them
    Temp         // of `saveTemps`
  };
  Kind kind;
  std::string name; // of a Temp: the stage, with a suffix for what it is
  std::string content;
};

/// Errors name the fields as the flags of mobileone-opt are called.
struct CompileRequest {
  /// Of a checkpoint.
  ImportOptions import;
  /// Of IR: the file of weights that it names and does not hold; empty: none.
  std::string tensors;
  /// What an object is for, each size once; the first is that of calls that
  /// name none. Empty: the network's own. Stages are of one.
  std::vector<ImageSize> imageSizes;
  /// Unset: nothing beside the schedules of `tune`.
  std::optional<EmitKind> emit = EmitKind::Obj;
  /// Of figures: JSON instead of a table.
  bool isJson = false;
  /// Of a stage's IR: bytecode instead of text.
  bool isBytecode = false;
  /// Name of the input in the header and the JSON file, and the digest of its
  /// bytes, by digestInput().
  std::string source, sourceSha256;
  /// Passes that it went through before the compile, as --pass-pipeline takes
  /// them; empty: none.
  std::string passes;
  /// Begins the names of the object's symbols; empty: the name of the network's
  /// function.
  std::string prefix;
  /// The object's file, without folder: what programs that link it as a shared
  /// library look for, and what the files of `also` name. Empty: nobody knows.
  std::string file;
  WeightsPlace weights = WeightsPlace::Embed;
  /// What an object gets beside header and JSON.
  llvm::SmallVector<Artifact::Kind> also;
  /// Images of P_run, then further counts that the header gives sizes for.
  std::vector<uint32_t> batches{1};
  /// The system, and its levels to generate code for, lowest first. Stages
  /// before the vectors need neither, vectors and the LLVM dialect are of the
  /// last level.
  const Target *target = nullptr;
  llvm::SmallVector<const IsaLevel *> levels;
  Instrument instrument = Instrument::None;
  Precision precision = Precision::F32;
  bool isQuantized() const { return precision == Precision::Int8; }
  /// Of int8: images like those that the network will see, for its first size.
  CalibrationImages calibration;
  /// Of int8: which layers keep float weights; and the images' file or folder.
  QuantizeOptions quantization;
  std::string calibrationName;
  /// How pointwise layers are computed.
  Algorithm algorithm = Algorithm::Auto;
  /// File of schedules that go before the chosen ones; empty: none.
  std::string schedule;
  /// Time schedules on this CPU, for the one level of `levels`.
  bool tune = false;
  /// Random images by which the object is compared with the network in float64;
  /// 0: it is not. Out of tolerance is an error.
  unsigned verifiedImages = 0;
  /// Give each stage as an artifact, too.
  bool saveTemps = false;
  /// Print tiles and loop orders, the plan of the arena, to stderr.
  bool printSchedule = false;
  bool printMemoryPlan = false;
};

/// An error unless objects of `request.target` have the form that
/// `request.emit` names, by the name of `request.file`.
llvm::Error checkForm(const CompileRequest &request);

/// An error unless `request.levels` are some of `request.target`, lowest first,
/// and one object can have them all.
llvm::Error checkLevels(const CompileRequest &request);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_COMPILEREQUEST_H
