// The dialect and the attribute and type constraints that its ops share.
#ifndef MOBILEONE_DIALECT_IR_MOBILEONEDIALECT_TD
#define MOBILEONE_DIALECT_IR_MOBILEONEDIALECT_TD

include "mlir/IR/OpBase.td"

def MobileOne_Dialect : Dialect {
  let name = "mobileone";
  let cppNamespace = "::mobileone";
  let summary = "MobileOne networks, from train-time branches to one convolution";
  let description = [{
    Models the networks of "MobileOne: An Improved One millisecond Mobile
    Backbone" (Vasu et al., arXiv 2206.04040) as a function from an image to
    logits. The unit is the `mobileone.block`: a region that holds either the
    parallel branches of training (section 3.2 of the paper) or the single
    convolution that they fold into.

    Activations are `tensor<NxCxHxWxf32>`, filters `OIHW`, as in PyTorch.
    Trained weights are attributes: up to 64 elements `dense`, above that
    `dense_resource`, so that a printed network stays readable with
    `--mlir-elide-elementsattrs-if-larger=16` and
    `--mlir-elide-resource-strings-if-larger=16`. They are `f32`, or `f64`
    while reparameterization works on them.
  }];
}

def MobileOne_Activation : TensorRankOf<[F32], [4]>;
def MobileOne_Matrix : TensorRankOf<[F32], [2]>;
def MobileOne_Image : TensorRankOf<[F32, UI8], [4]>;

class MobileOne_Weights<int rank, string what> : ElementsAttrBase<
    CPred<"::mobileone::areWeights($_self, " # rank # ")">,
    what # " (f32 or f64, rank " # rank # ")"> {
  let storageType = "::mlir::ElementsAttr";
  let returnType = "::mlir::ElementsAttr";
  let convertFromStorage = "$_self";
}

def MobileOne_Filter : MobileOne_Weights<4, "filter OIHW">;
def MobileOne_MatrixWeights : MobileOne_Weights<2, "matrix of weights">;
def MobileOne_PerChannel : MobileOne_Weights<1, "one number per channel">;

#endif // MOBILEONE_DIALECT_IR_MOBILEONEDIALECT_TD
