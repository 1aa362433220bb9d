// Reads the containers in which checkpoints come.
#ifndef MOBILEONE_COMPILER_IMPORT_CHECKPOINT_H
#define MOBILEONE_COMPILER_IMPORT_CHECKPOINT_H

#include "compiler/Import/Tensor.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mobileone {

/// A key whose value is no tensor that could be read.
struct Fault {
  std::string name;
  std::string message; // begins with the name or the entry of the archive
  bool isTensor;       // rather than a number, a text or the like
};

/// One dictionary of a file.
struct StateDict {
  std::string path; // the keys that lead to it: "", "state_dict", "ema/module"
  std::vector<Tensor> tensors;
  std::vector<Fault> faults;
};

/// Whether `key` means the dictionary at `path`: dots for slashes are
/// understood, too.
bool leadsTo(llvm::StringRef key, llvm::StringRef path);

/// How containers begin.
inline constexpr llvm::StringLiteral kZipMagic = "PK", kPickleMagic = "\x80";
/// A stream of protocols 0 and 1: its magic number in digits.
inline constexpr llvm::StringLiteral kTextMagic =
    "L119547037146038801333356L\n";

/// Opens a file to compile, "-" for standard input. A regular file is read, not
/// mapped: who cuts or changes it meanwhile gets an error, not a signal. A
/// folder is refused, and a device, which need not end.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
openInput(llvm::StringRef path);

/// Whether `content` (the whole file or its first 512 bytes) is a checkpoint, a
/// damaged one, or what is found in place of one (a web page, a picture),
/// rather than MLIR text or bytecode.
bool isCheckpoint(llvm::StringRef content);

/// What `content` is instead of a checkpoint ("an HTML or XML page"), or "".
std::string describeLookAlike(llvm::StringRef content);

/// The dictionaries in a file of any supported container that may hold a
/// MobileOne, or else the largest one. Where `key` leads to one of them it is
/// the only one. Tensors keep pointing into `file`; no element is read before
/// it is asked for.
llvm::Expected<std::vector<StateDict>>
readCheckpoint(llvm::StringRef file,
               std::optional<llvm::StringRef> key = std::nullopt);

// One per container.
llvm::Expected<std::vector<StateDict>> readSafeTensors(llvm::StringRef file);
llvm::Expected<std::vector<StateDict>>
readTorchZip(llvm::StringRef file,
             std::optional<llvm::StringRef> key = std::nullopt);
llvm::Expected<std::vector<StateDict>>
readTorchLegacy(llvm::StringRef file,
                std::optional<llvm::StringRef> key = std::nullopt);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_CHECKPOINT_H
