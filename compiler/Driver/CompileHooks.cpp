// What a compile does where nobody takes part in it.
#include "compiler/Driver/CompileHooks.h"

using namespace mlir;
using namespace mobileone;

LogicalResult CompileHooks::runPasses(ModuleOp module, const llvm::Twine &stage,
                                      Build build) {
  PassManager pm(module.getContext());
  build(pm);
  return pm.run(module);
}
