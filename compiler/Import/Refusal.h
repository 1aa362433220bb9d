// The error of the importer: what was looked at, the rule, the value found.
#ifndef MOBILEONE_COMPILER_IMPORT_REFUSAL_H
#define MOBILEONE_COMPILER_IMPORT_REFUSAL_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

namespace mobileone {

/// `subject: message`. The subject is a tensor, an entry of an archive or a
/// part of the file; empty for the file itself, whose name importCheckpoint
/// puts in front of every error.
inline llvm::Error refuse(llvm::StringRef subject, const llvm::Twine &message) {
  return llvm::createStringError(
      (subject.empty() ? message : subject + ": " + message).str());
}

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_REFUSAL_H
