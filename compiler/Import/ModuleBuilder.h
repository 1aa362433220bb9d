// Writes a matched network as a module of the mobileone dialect.
#ifndef MOBILEONE_COMPILER_IMPORT_MODULEBUILDER_H
#define MOBILEONE_COMPILER_IMPORT_MODULEBUILDER_H

#include "compiler/Import/Importer.h"
#include "compiler/Import/Matching.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringMap.h"

namespace mobileone {

/// Weights by the name of their slot, with the tensor as location.
struct ImportedWeights {
  mlir::ElementsAttr values;
  mlir::Location loc;
};

/// `weights` has an entry for every slot of `matched`, whose `outputs` the
/// function returns.
mlir::OwningOpRef<mlir::ModuleOp>
buildModule(const MatchedNetwork &matched,
            llvm::ArrayRef<NetworkOutput> outputs,
            const llvm::StringMap<ImportedWeights> &weights,
            const ImportOptions &options, mlir::Location fileLoc);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_MODULEBUILDER_H
