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

    Activations are `tensor<NxCxHxWxf32>`, filters `OIHW`, as in PyTorch. Of a
    quantized network they are `tensor<NxCxHxWxui8>` between layers: the real
    number is the byte times a scale of its channel, which is no part of the
    type but of the weights that read it. Sums of products of bytes and `i8`
    weights are `i32`, and exact.

    Trained weights are attributes: up to 64 elements `dense`, above that
    `dense_resource`, so that a printed network stays readable with
    `--mlir-elide-elementsattrs-if-larger=16` and
    `--mlir-elide-resource-strings-if-larger=16`. They are `f32`, or `f64`
    while reparameterization works on them; of a quantized layer `i8` and `i32`,
    signed.
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

class MobileOne_Tensor<list<Type> elements, list<int> ranks> : ConfinedType<
    TensorRankOf<elements, ranks>,
    [CPred<"::mobileone::MobileOneDialect::isPlain("
           "::llvm::cast<::mlir::RankedTensorType>($_self))">],
    TensorRankOf<elements, ranks>.summary # " with static, positive sizes and at most 2^31 elements",
    "::mlir::RankedTensorType">;

def MobileOne_Activation : MobileOne_Tensor<[F32], [4]>;
def MobileOne_Matrix : MobileOne_Tensor<[F32], [2]>;
def MobileOne_Image : MobileOne_Tensor<[F32, UI8], [4]>;
// Of a quantized network: bytes between layers, sums inside of them.
def MobileOne_Bytes : MobileOne_Tensor<[UI8], [4]>;
def MobileOne_FloatsOrBytes : MobileOne_Tensor<[F32, UI8], [4]>;
def MobileOne_FloatsOrSums : MobileOne_Tensor<[F32, I32], [4]>;
def MobileOne_FloatOrSumMatrix : MobileOne_Tensor<[F32, I32], [2]>;

class MobileOne_Weights<int rank, string what, string elements, bit integers> : ElementsAttrBase<
    CPred<"::mobileone::areWeights($_self, " # rank # ", " # !if(integers, "true", "false") # ")">,
    what # " (" # elements # " of rank " # rank # ", static, positive sizes, at most 2^26 elements, data at hand)"> {
  let storageType = "::mlir::ElementsAttr";
  let returnType = "::mlir::ElementsAttr";
  let convertFromStorage = "$_self";
}

class MobileOne_FloatWeights<int rank, string what>
    : MobileOne_Weights<rank, what, "f32 or f64", 0>;
class MobileOne_FloatOrIntegerWeights<int rank, string what>
    : MobileOne_Weights<rank, what, "f32, f64, or of a quantized layer i8 or i32,", 1>;

def MobileOne_Filter : MobileOne_FloatOrIntegerWeights<4, "filter OIHW">;
def MobileOne_Bias : MobileOne_FloatOrIntegerWeights<1, "one number per output channel">;
def MobileOne_LinearWeights : MobileOne_FloatOrIntegerWeights<2, "matrix of weights">;
def MobileOne_MatrixWeights : MobileOne_FloatWeights<2, "matrix of weights">;
def MobileOne_PerChannel : MobileOne_FloatWeights<1, "one number per channel">;

#endif // MOBILEONE_DIALECT_IR_MOBILEONEDIALECT_TD
