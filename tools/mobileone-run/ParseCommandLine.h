// The command line of mobileone-run.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_PARSECOMMANDLINE_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_PARSECOMMANDLINE_H

#include "Modes.h"

namespace mobileone::run {

struct Options {
  std::string object;
  std::string isa;
  std::string imageSize; // of the object, empty: its first
  uint32_t threads = 1;
  std::string input;
  std::string output;
  ClassifyOptions classify;
  EvaluateOptions evaluate;
  VerifyOptions verify;
  ImageOptions preparation;
  bool json = false;
  bool bench = false;
  std::string profile;
  uint32_t rounds = 100;
};

/// Answers --help and --version, says what is wrong, and ends the process then.
Options parseCommandLine(int argc, char **argv);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_PARSECOMMANDLINE_H
