// How far a run is, on a terminal.
#ifndef MOBILEONE_TOOLS_OUTPUT_PROGRESS_H
#define MOBILEONE_TOOLS_OUTPUT_PROGRESS_H

#include "llvm/ADT/StringRef.h"

namespace mobileone {

/// One line of the standard error that is written over and over, and is gone
/// when the run is. Says nothing where that is no terminal, or one that cannot
/// write over a line (TERM=dumb); has no colours. There is one of a process.
class Progress {
public:
  Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  /// Clears the line.
  ~Progress();

  /// Puts `text` in the line, or as much of it as fits. A signal that ends the
  /// process clears it.
  void show(llvm::StringRef text);

  /// Makes room for what is printed next: whoever prints to a terminal calls
  /// it.
  static void clear();

private:
  bool isVisible;
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_OUTPUT_PROGRESS_H
