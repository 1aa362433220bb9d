// The files that a run writes: all of them, or none.
#ifndef MOBILEONE_TOOLS_OUTPUT_OUTPUTSET_H
#define MOBILEONE_TOOLS_OUTPUT_OUTPUTSET_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// What may stand where an output goes.
struct OutputRule {
  /// A file, there already or not: no device and no pipe.
  bool onlyFile = false;
  /// Text of every file that may be replaced; empty: any file may.
  llvm::StringRef mark;
};

/// Outputs are refused before any work: one that is an input of the run, also
/// by another name, a folder, what cannot be written. Their content is written
/// beside their places and moved there together at the end, so that each file
/// is whole at any moment, the old one or the new one; of two runs that write
/// the same files at once, one is the last with all of them. Devices and pipes
/// are written as they are. "-" is the standard output.
class OutputSet {
public:
  /// `path` is read: no output may be this file. "-" is the standard input.
  void addInput(llvm::StringRef path);

  /// Replace files without a mark, too.
  void ignoreMarks() { marksMatter = false; }

  /// A folder of outputs, which is made if it is not there.
  llvm::Error addFolder(llvm::StringRef path);

  /// `path` will be written. Fails if it must not or cannot be.
  llvm::Error reserve(llvm::StringRef path, OutputRule rule = {});

  /// What goes to `path`, which is reserved unless it is.
  llvm::Error write(llvm::StringRef path, std::string content,
                    OutputRule rule = {});

  /// Puts everything in its place.
  llvm::Error commit();

  /// Whether `path` is a device or a pipe.
  static bool isStream(llvm::StringRef path);
  static bool isTerminal(llvm::StringRef path);

private:
  struct Input {
    std::string path;
    uint64_t device, file;
  };
  struct Output {
    std::string path;
    OutputRule rule;
    std::string place; // without links; empty: a device or a pipe
    std::optional<std::string> content;
  };

  /// Finds the place of an output and checks what is there.
  llvm::Error check(Output &output) const;
  bool isInFolder(llvm::StringRef place) const;
  /// In folders that are there.
  llvm::Error writeAll();

  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<std::string> folders;
  bool marksMatter = true;
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_OUTPUT_OUTPUTSET_H
