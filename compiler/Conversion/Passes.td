// Passes that leave a dialect.
#ifndef MOBILEONE_COMPILER_CONVERSION_PASSES_TD
#define MOBILEONE_COMPILER_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertMobileOneToLinalgPass
    : Pass<"convert-mobileone-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lower a planned network to linalg kernels on NHWC tensors";
  let description = [{
    Turns the one function of `mobileone` ops into a function of calls, one per
    layer or more, and one private function of `linalg` ops for each distinct
    kernel, so that layers of the same shape share their code. It obeys the plan
    (`mobileone-plan`):

    - `mobileone.layout` says what tensor an activation becomes, and where the
      zeros lie that a padded convolution reads.
    - `mobileone.packing` says which kernel computes a convolution. Weights are
      packed once.
    - `mobileone.bands` names the blocks of one kernel.

    Beside that:

    - Every kernel writes into its last argument, and so does the network: it
      takes the caller's image and output buffer.
    - After each block and linear op stands a call of `@end_layer`, where the
      network can stop (`mobileone-lower-layer-hooks`); `instrument` adds
      `@begin_layer`, and with `tensors` the result's place in memory.

    Refused, with an error at the op: a plan that is missing, or by which a
    layer would read what is not there; batch norms, several branches (run
    `mobileone-reparameterize` first), and more than one image per call.

    Before, `test/compiler/Conversion/pointwise.mlir`:
    ```mlir
    %y = mobileone.block "stage1.1" (%a = %x) : tensor<1x16x4x4xf32> -> tensor<1x32x4x4xf32> { ... }
    ```
    After:
    ```mlir
    %y = call @pointwise_4x4x16_to_4x4x32_relu(%x, %filter, %bias, %buffer)
       : (tensor<4x4x1x16xf32>, tensor<2x16x16xf32>, tensor<2x16xf32>, tensor<4x4x2x16xf32>) -> tensor<4x4x2x16xf32>
    ```
  }];
  let options = [Option<
    "instrument", "instrument", "::mobileone::Instrument",
    /*default=*/"::mobileone::Instrument::None",
    "What the object tells of its layers while it runs.", [{::llvm::cl::values(
      clEnumValN(::mobileone::Instrument::None, "none", "nothing"),
      clEnumValN(::mobileone::Instrument::Layers, "layers",
                 "beginning and end of each layer"),
      clEnumValN(::mobileone::Instrument::Tensors, "tensors",
                 "and each layer's result: no layers are fused"))}]>];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::mlir::vector::VectorDialect"
  ];
}

#endif // MOBILEONE_COMPILER_CONVERSION_PASSES_TD
