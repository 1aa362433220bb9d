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

def MobileOneSetImageSizePass
    : Pass<"mobileone-set-image-size", "::mlir::func::FuncOp"> {
  let summary = "Make a network one for images of another size";
  let description = [{
    Gives the function's image, and all that is computed from it, the shapes of
    an image of `height` x `width` pixels. Weights are of no size: networks for
    several sizes share them. For IR of before the plan, with branches or
    without.

    Refused: a size that a filter does not fit into, or with more than 2^31
    values in a layer.

    From `test/dialect/set-image-size.mlir`, of a convolution for 64x64 pixels
    with `height=96 width=128`:
    ```mlir
    %0 = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32> strides = [2, 2] padding = [1, 1] groups = 1
      : tensor<1x3x96x128xf32> -> tensor<1x8x48x64xf32>
    ```
  }];
  let options = [
    Option<"height", "height", "int64_t", /*default=*/"224", "Rows of the image.">,
    Option<"width", "width", "int64_t", /*default=*/"224", "Columns of the image.">
  ];
}

#endif // MOBILEONE_DIALECT_TRANSFORMS_PASSES_TD
