// Passes that decide how a network is to be computed.
#ifndef MOBILEONE_COMPILER_PLANNING_PASSES_TD
#define MOBILEONE_COMPILER_PLANNING_PASSES_TD

include "mlir/Pass/PassBase.td"

def MobileOnePlanPass : Pass<"mobileone-plan", "::mlir::func::FuncOp"> {
  let summary = "Decide how values lie in memory and which blocks are one kernel";
  let description = [{
    Writes what is decided about a single-branch network as attributes of its
    ops, for `convert-mobileone-to-linalg` to obey:

    - `mobileone.layout` at each op: how its result lies in memory, with the
      border of zeros that its readers want. At the function's argument: how the
      image lies if blocks read it as it is.
    - `mobileone.packing` at each convolution: which kernel computes it.
    - `mobileone.bands` at the first of the blocks that become one kernel.

    Refused, with an error at the op: blocks that are not one convolution with
    an activation, and convolutions that are neither dense over the image, nor
    depthwise, nor pointwise. A network that has a plan keeps it; functions
    without `mobileone` ops are left alone.

    Before, `test/compiler/Planning/layouts.mlir`:
    ```mlir
    %y = mobileone.block "stage1.1" (%a = %x) : tensor<1x16x4x4xf32> -> tensor<1x32x4x4xf32> { ... }
    ```
    After:
    ```mlir
    %y = mobileone.block "stage1.1" (%a = %x) attributes {mobileone.layout = #mobileone.layout<panels 4x4x32xf32>}
      : tensor<1x16x4x4xf32> -> tensor<1x32x4x4xf32> { ... }
    ```
  }];
  let options = [Option<"keepResults", "keep-results", "bool", /*default=*/"false",
                        "Each block is a kernel of its own, so that its result stands in memory.">];
  let dependentDialects = ["::mobileone::MobileOneDialect"];
}

#endif // MOBILEONE_COMPILER_PLANNING_PASSES_TD
