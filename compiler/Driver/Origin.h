// What an object is made from: its input and the flags that matter.
#ifndef MOBILEONE_COMPILER_DRIVER_ORIGIN_H
#define MOBILEONE_COMPILER_DRIVER_ORIGIN_H

#include "compiler/Driver/CompileRequest.h"
#include "compiler/Object/ModelInfo.h"

namespace mobileone {

/// SHA-256 of the bytes of an input, in hexadecimal digits.
std::string digestInput(llvm::StringRef bytes);

/// The flags of mobileone-opt by which `request` makes another object than
/// without any, in one order and spelling: no names of outputs, of files no
/// folders. --target is always there, as its default is the machine's own.
std::string formatFlags(const CompileRequest &request);

/// All of it.
Origin describeOrigin(const CompileRequest &request);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_ORIGIN_H
