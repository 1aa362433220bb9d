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
    logits, feature maps or both; `mobileone.name` at a result is its name for
    callers. The unit is the `mobileone.block`: a region that holds either the
    parallel branches of training (section 3.2 of the paper) or the single
    convolution that they fold into.

    Activations are `tensor<NxCxHxWxf32>`, filters `OIHW`, as in PyTorch.
    Trained weights are attributes: up to 64 elements `dense`, above that
    `dense_resource`, so that a printed network stays readable with
    `--mlir-elide-elementsattrs-if-larger=16` and
    `--mlir-elide-resource-strings-if-larger=16`. They are `f32`, or `f64`
    while reparameterization works on them.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let extraClassDeclaration = [{
    void registerAttributes();

    /// Whether all sizes of `type` are static and positive, so small together
    /// that no index overflows, and the elements lie in row-major order.
    static bool isPlain(::mlir::RankedTensorType type);
  }];
}

class MobileOne_Tensor<list<Type> elements, int rank> : ConfinedType<
    TensorRankOf<elements, [rank]>,
    [CPred<"::mobileone::MobileOneDialect::isPlain("
           "::llvm::cast<::mlir::RankedTensorType>($_self))">],
    TensorRankOf<elements, [rank]>.summary # " with static, positive sizes and at most 2^31 elements",
    "::mlir::RankedTensorType">;

def MobileOne_Activation : MobileOne_Tensor<[F32], 4>;
def MobileOne_Matrix : MobileOne_Tensor<[F32], 2>;
def MobileOne_Image : MobileOne_Tensor<[F32, UI8], 4>;

class MobileOne_Weights<int rank, string what> : ElementsAttrBase<
    CPred<"::mobileone::areWeights($_self, " # rank # ")">,
    what # " (f32 or f64 of rank " # rank # ", static, positive sizes, at most 2^26 elements, data at hand)"> {
  let storageType = "::mlir::ElementsAttr";
  let returnType = "::mlir::ElementsAttr";
  let convertFromStorage = "$_self";
}

def MobileOne_Filter : MobileOne_Weights<4, "filter OIHW">;
def MobileOne_MatrixWeights : MobileOne_Weights<2, "matrix of weights">;
def MobileOne_PerChannel : MobileOne_Weights<1, "one number per channel">;

#endif // MOBILEONE_DIALECT_IR_MOBILEONEDIALECT_TD
