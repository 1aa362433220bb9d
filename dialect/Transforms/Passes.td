// Passes from the mobileone dialect into itself.
#ifndef MOBILEONE_DIALECT_TRANSFORMS_PASSES_TD
#define MOBILEONE_DIALECT_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def MobileOneReparameterizePass
    : Pass<"mobileone-reparameterize", "::mlir::func::FuncOp"> {
  let summary = "Fold every train-time block into one convolution";
  let description = [{
    Comes in: blocks with the parallel branches of training. Goes out: blocks
    with one convolution, its bias, and whatever stood behind the sum
    (squeeze-and-excitation, activation). The mathematics, with the equation
    numbers that patterns and tests cite, is in `docs/Reparameterization.md`.

    Between the patterns filters and biases are `f64` weights; at the end each
    one is rounded once to `f32` and named `<block>.filter` or `<block>.bias`. A
    block that already holds a single convolution with a bias is left alone.

    Refused, with the reason as a note: a batch norm behind anything but a
    convolution with one use or the block's argument; a sum whose branches
    differ in input, strides, padding or groups. With `require-all=false` such
    ops stay as they are.

    From `test/dialect/fold-batch-norm.mlir`, before:
    ```mlir
    %0 = mobileone.conv %x filter = dense<2.0> : tensor<1x1x1x1xf32> bias = dense<1.0> : tensor<1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
    %1 = mobileone.batch_norm %0 gamma = dense<6.0> : tensor<1xf32> beta = dense<7.0> : tensor<1xf32>
      mean = dense<5.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
    ```
    and after:
    ```mlir
    %0 = mobileone.conv %x filter = dense<6.0> : tensor<1x1x1x1xf32> bias = dense<-5.0> : tensor<1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
    ```
  }];
  let options = [Option<"requireAll", "require-all", "bool", /*default=*/"true",
                        "Fail if a batch norm or a sum of branches is left.">];
}

#endif // MOBILEONE_DIALECT_TRANSFORMS_PASSES_TD
