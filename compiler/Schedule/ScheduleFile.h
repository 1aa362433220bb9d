// Files of schedules.
#ifndef MOBILEONE_COMPILER_SCHEDULE_SCHEDULEFILE_H
#define MOBILEONE_COMPILER_SCHEDULE_SCHEDULEFILE_H

#include "compiler/Machine/IsaLevel.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace mobileone {

/// The schedules of one kernel in a file.
struct KernelSchedules {
  mlir::StringAttr name;
  mlir::ArrayAttr schedules;
  /// Of a kernel that works in bands. A comment: a file cannot change it.
  int64_t bandRows = 0;
};

/// Stands first in a file of schedules, before the level's name.
inline constexpr llvm::StringLiteral kSchedulesOf = "// Schedules for ";

/// Writes a file of schedules.
void writeSchedules(llvm::raw_ostream &os,
                    llvm::ArrayRef<KernelSchedules> kernels);

/// Reads a file: schedules by the names of kernels. One that says its level
/// must say this one. Fails, with an error at `loc`.
mlir::FailureOr<mlir::DictionaryAttr>
readSchedules(llvm::StringRef file, const IsaLevel &level, mlir::Location loc);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_SCHEDULEFILE_H
