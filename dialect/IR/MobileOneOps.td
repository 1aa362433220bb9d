// The ops of a MobileOne network, train-time and single-branch.
#ifndef MOBILEONE_DIALECT_IR_MOBILEONEOPS_TD
#define MOBILEONE_DIALECT_IR_MOBILEONEOPS_TD

include "dialect/IR/MobileOneAttrs.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class MobileOne_Op<string mnemonic, list<Trait> traits = []>
    : Op<MobileOne_Dialect, mnemonic, traits # [Pure]>;

//===----------------------------------------------------------------------===//
// The block and what stands in its region
//===----------------------------------------------------------------------===//

def MobileOne_BlockOp : MobileOne_Op<"block", [
    IsolatedFromAbove, SingleBlock]> {
  let summary = "Named layer of the network: branches, their sum, an activation";
  let description = [{
    Computes act(se(sum of branches)) of `input` (NCHW). The region has one
    argument, the input, and yields the block's result. At train time it holds
    the branches of the paper's figure 3: k convolutions with a batch norm, a
    1x1 scale branch when the kernel is 3x3, a batch norm alone (the identity
    branch) when channels and resolution stay the same.
    `mobileone-reparameterize` leaves one convolution.

    `name` is the block's place in the network: `stem`, `stage1.0`, ...,
    `stage4.1`; even numbers are depthwise blocks, odd ones pointwise. The
    linear classifier's layer is `head`.

    Example, the second block of MobileOne-S1 at train time:
    ```mlir
    %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x64x112x112xf32> -> tensor<1x64x56x56xf32> {
      %conv = mobileone.conv %x filter = dense_resource<w0> : tensor<64x1x3x3xf32> strides = [2, 2] padding = [1, 1] groups = 64
        : tensor<1x64x112x112xf32> -> tensor<1x64x56x56xf32>
      %norm = mobileone.batch_norm %conv gamma = dense<1.0> : tensor<64xf32> beta = dense<0.0> : tensor<64xf32>
        mean = dense<0.5> : tensor<64xf32> variance = dense<2.0> : tensor<64xf32> epsilon = 1.0e-5 : tensor<1x64x56x56xf32>
      %scale = mobileone.conv %x filter = dense<2.0> : tensor<64x1x1x1xf32> strides = [2, 2] padding = [0, 0] groups = 64
        : tensor<1x64x112x112xf32> -> tensor<1x64x56x56xf32>
      %sum = mobileone.add %norm, %scale : tensor<1x64x56x56xf32>
      %act = mobileone.activation relu %sum : tensor<1x64x56x56xf32>
      mobileone.yield %act : tensor<1x64x56x56xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, MobileOne_FloatsOrBytes:$input);
  let results = (outs MobileOne_FloatsOrBytes:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = [{
    /// The op that the region ends with.
    YieldOp getYield();
  }];
}

def MobileOne_YieldOp : MobileOne_Op<"yield", [
    Terminator, HasParent<"BlockOp">]> {
  let summary = "Ends the region of a block with its result";
  let description = [{
    ```mlir
    mobileone.yield %act : tensor<1x48x56x56xf32>
    ```
  }];
  let arguments = (ins MobileOne_FloatsOrBytes:$result);
  let assemblyFormat = "$result attr-dict `:` type($result)";
}

def MobileOne_ConvOp : MobileOne_Op<"conv"> {
  let summary = "Grouped 2-D convolution, with or without a bias per channel";
  let description = [{
    Convolves `input` (NCHW) with `filter` (OIHW, where `I` counts the channels
    of one group) and adds `bias` where there is one. `dilations`, 1 where they
    are not given, are the distances of the pixels that neighbouring taps read:
    the filter's window spans (filter H - 1) dilations[0] + 1 rows. `padding` is
    applied with zeros on both sides of H and W, and smaller than the window:

      output H = (H + 2 padding[0] - window H) / strides[0] + 1, rounded down

    Examples, the stem of MobileOne-S0, and a block of a segmentation encoder:
    ```mlir
    %y = mobileone.conv %x filter = dense_resource<stem> : tensor<48x3x3x3xf32> bias = dense<0.0> : tensor<48xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x224x224xf32> -> tensor<1x48x112x112xf32>
    %y = mobileone.conv %x filter = dense_resource<w> : tensor<256x1x3x3xf32>
      strides = [1, 1] padding = [2, 2] dilations = [2, 2] groups = 256 : tensor<1x256x14x14xf32> -> tensor<1x256x14x14xf32>
    ```

    Of a quantized network the input is `ui8`, and the padding bytes of 0. An
    `i8` filter with an `i32` bias gives `i32` sums, exact in the arithmetic of
    integers: of no input may a sum, or a part of one, leave the range of `i32`,
    and the verifier makes sure of that by the weights. A filter of floats takes
    the bytes as numbers from 0 to 255 and gives floats.
    ```mlir
    %y = mobileone.conv %x filter = dense_resource<w> : tensor<256x256x1x1xi8> bias = dense_resource<b> : tensor<256xi32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x256x14x14xui8> -> tensor<1x256x14x14xi32>
    ```
  }];
  let arguments = (ins
    MobileOne_FloatsOrBytes:$input,
    MobileOne_Filter:$filter,
    OptionalAttr<MobileOne_Bias>:$bias,
    ConfinedAttr<DenseI64ArrayAttr, [DenseArrayCount<2>, DenseArrayStrictlyPositive<DenseI64ArrayAttr>]>:$strides,
    ConfinedAttr<DenseI64ArrayAttr, [DenseArrayCount<2>, DenseArrayNonNegative<DenseI64ArrayAttr>]>:$padding,
    ConfinedAttr<I64Attr, [IntPositive]>:$groups,
    DefaultValuedAttr<
      ConfinedAttr<DenseI64ArrayAttr, [DenseArrayCount<2>, DenseArrayStrictlyPositive<DenseI64ArrayAttr>]>,
      "{1, 1}">:$dilations
  );
  let results = (outs MobileOne_FloatsOrSums:$output);
  let assemblyFormat = [{
    $input `filter` `=` $filter (`bias` `=` $bias^)? `strides` `=` $strides
    `padding` `=` $padding (`dilations` `=` $dilations^)? `groups` `=` $groups attr-dict
    `:` type($input) `->` type($output)
  }];
  let builders = [
    // Derives the result type.
    OpBuilder<(ins "::mlir::Value":$input, "::mlir::ElementsAttr":$filter,
                   "::mlir::ElementsAttr":$bias,
                   "::llvm::ArrayRef<int64_t>":$strides,
                   "::llvm::ArrayRef<int64_t>":$padding, "int64_t":$groups,
                   CArg<"::llvm::ArrayRef<int64_t>", "{1, 1}">:$dilations)>
  ];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The shape of the result for an input of `shape`, NCHW. Without meaning
    /// where the filter does not fit into the padded input.
    ::llvm::SmallVector<int64_t> getOutputShape(::llvm::ArrayRef<int64_t> shape);
    int64_t getOutputChannels() { return getFilter().getShapedType().getDimSize(0); }
    int64_t getKernelHeight() { return getFilter().getShapedType().getDimSize(2); }
    int64_t getKernelWidth() { return getFilter().getShapedType().getDimSize(3); }
    /// Rows and columns from the first to the last pixel under the filter.
    int64_t getWindowHeight() { return (getKernelHeight() - 1) * getDilations()[0] + 1; }
    int64_t getWindowWidth() { return (getKernelWidth() - 1) * getDilations()[1] + 1; }
    /// Whether the weights are integers.
    bool isQuantized() { return getFilter().getElementType().isInteger(8); }
    /// One filter per channel.
    bool isDepthwise() { return static_cast<int64_t>(getGroups()) == getInput().getType().getDimSize(1)
                             && static_cast<int64_t>(getGroups()) == getOutputChannels(); }
    /// A 1x1 convolution over all channels.
    bool isPointwise() { return getGroups() == 1 && getKernelHeight() == 1 && getKernelWidth() == 1; }
  }];
}

def MobileOne_BatchNormOp : MobileOne_Op<"batch_norm", [
    AllTypesMatch<["input", "output"]>]> {
  let summary = "Batch normalization with the statistics of training";
  let description = [{
    Per channel c of `input` (NCHW), as at inference (Ioffe and Szegedy,
    arXiv 1502.03167, algorithm 2):

      output = (input - mean[c]) / sqrt(variance[c] + epsilon) * gamma[c] + beta[c]

    ```mlir
    %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<48xf32> beta = dense<0.0> : tensor<48xf32>
      mean = dense<0.5> : tensor<48xf32> variance = dense<2.0> : tensor<48xf32> epsilon = 1.0e-5 : tensor<1x48x56x56xf32>
    ```
  }];
  let arguments = (ins
    MobileOne_Activation:$input,
    MobileOne_PerChannel:$gamma,
    MobileOne_PerChannel:$beta,
    MobileOne_PerChannel:$mean,
    MobileOne_PerChannel:$variance,
    F64Attr:$epsilon
  );
  let results = (outs MobileOne_Activation:$output);
  let assemblyFormat = [{
    $input `gamma` `=` $gamma `beta` `=` $beta `mean` `=` $mean `variance` `=`
    $variance `epsilon` `=` $epsilon attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

def MobileOne_AddOp : MobileOne_Op<"add", [SameOperandsAndResultType]> {
  let summary = "Sum of the branches of a block";
  let description = [{
    Adds its operands (NCHW, all of one type), from left to right.
    ```mlir
    %y = mobileone.add %conv, %scale, %skip : tensor<1x48x56x56xf32>
    ```
  }];
  let arguments = (ins Variadic<MobileOne_Activation>:$branches);
  let results = (outs MobileOne_Activation:$output);
  let assemblyFormat = "$branches attr-dict `:` type($output)";
  let hasFolder = 1;
}

def MobileOne_GateKind : I32EnumAttr<
    "GateKind", "what makes gates of squeeze-and-excitation of numbers", [
      I32EnumAttrCase<"sigmoid", 0>, I32EnumAttrCase<"hardsigmoid", 1>]> {
  let cppNamespace = "::mobileone";
}

def MobileOne_SqueezeExciteOp : MobileOne_Op<"squeeze_excite", [
    AllTypesMatch<["input", "output"]>]> {
  let summary = "Scales each channel by a gate computed from all channel means";
  let description = [{
    Squeeze-and-excitation (Hu et al., arXiv 1709.01507, section 3) on `input`
    (NCHW), with R reduced channels:

      mean[c]  = average of input over H and W
      hidden   = max(0, reduce_filter mean + reduce_bias)        (R numbers)
      gate     = g(expand_filter hidden + expand_bias)           (C numbers)
      output   = input * gate, channel by channel

    `reduce_filter` is RxC, `expand_filter` CxR. g is one of

    | gate | g(x) | as |
    |---|---|---|
    | `sigmoid` (where it is not given) | 1 / (1 + exp(-x)) | `torch.nn.Sigmoid` |
    | `hardsigmoid` | x / 6 + 1/2, but at least 0 and at most 1 | `torch.nn.Hardsigmoid`; Howard et al., arXiv 1905.02244, section 5.2 |

    MobileOne-S4 has it with R = C / 16 in the last five pairs of stage 3 and in
    stage 4:
    ```mlir
    %y = mobileone.squeeze_excite %x
      reduce = dense_resource<reduce> : tensor<56x896xf32>, dense<0.0> : tensor<56xf32>
      expand = dense_resource<expand> : tensor<896x56xf32>, dense_resource<bias> : tensor<896xf32>
      : tensor<1x896x14x14xf32>
    %y = mobileone.squeeze_excite %x reduce = ..., ... expand = ..., ... gate = hardsigmoid : tensor<1x896x14x14xf32>
    ```
  }];
  let arguments = (ins
    MobileOne_Activation:$input,
    MobileOne_MatrixWeights:$reduce_filter,
    MobileOne_PerChannel:$reduce_bias,
    MobileOne_MatrixWeights:$expand_filter,
    MobileOne_PerChannel:$expand_bias,
    DefaultValuedAttr<MobileOne_GateKind, "GateKind::sigmoid">:$gate
  );
  let results = (outs MobileOne_Activation:$output);
  let assemblyFormat = [{
    $input `reduce` `=` $reduce_filter `,` $reduce_bias
    `expand` `=` $expand_filter `,` $expand_bias (`gate` `=` $gate^)? attr-dict
    `:` type($input)
  }];
  let hasVerifier = 1;
}

def MobileOne_ActivationKind : I32EnumAttr<
    "ActivationKind", "function that a block ends with", [
      I32EnumAttrCase<"relu", 0>, I32EnumAttrCase<"gelu", 1>,
      I32EnumAttrCase<"hardswish", 2>, I32EnumAttrCase<"silu", 3>]> {
  let cppNamespace = "::mobileone";
}

def MobileOne_ActivationOp : MobileOne_Op<"activation", [SameOperandsAndResultType]> {
  let summary = "Activation of a block: a function of each number";
  let description = [{
    NaN stays NaN. MobileOne itself has `relu`.

    | kind | f(x) | as |
    |---|---|---|
    | `relu` | max(0, x) | `torch.nn.ReLU` |
    | `gelu` | x (1 + erf(x / sqrt 2)) / 2, without the approximation by tanh | `torch.nn.GELU()`; Hendrycks and Gimpel, arXiv 1606.08415, section 2 |
    | `hardswish` | x min(6, max(0, x + 3)) / 6 | `torch.nn.Hardswish`; Howard et al., arXiv 1905.02244, section 5.2 |
    | `silu` | x / (1 + exp(-x)) | `torch.nn.SiLU`; Elfwing et al., arXiv 1702.03118, section 2 |

    ```mlir
    %y = mobileone.activation relu %x : tensor<1x48x56x56xf32>
    ```
  }];
  let arguments = (ins MobileOne_ActivationKind:$kind, MobileOne_Activation:$input);
  let results = (outs MobileOne_Activation:$output);
  let assemblyFormat = "$kind $input attr-dict `:` type($input)";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Between integers and floats
//===----------------------------------------------------------------------===//

def MobileOne_QuantizeOp : MobileOne_Op<"quantize"> {
  let summary = "Rounds a layer's sums to the bytes that the next layer reads";
  let description = [{
    Per channel c of `input` (NCHW):

      output = clamp(round(f32(input) * factor[c]), 0, 255)

    f32 and the product round to the nearest float, `round` to the nearest
    integer, all three to even where two are as near. `factor[c]` is the scale of
    the sums divided by that of the bytes (Jacob et al., arXiv 1712.05877,
    section 2.2, whose multiplier is this one). The clamp at 0 is the block's
    ReLU. NaN, which sums of bytes cannot be, becomes 0.
    ```mlir
    %q = mobileone.quantize %sums factor = dense_resource<m> : tensor<256xf32> : tensor<1x256x14x14xi32> -> tensor<1x256x14x14xui8>
    %q = mobileone.quantize %act factor = dense<16.0> : tensor<48xf32> : tensor<1x48x56x56xf32> -> tensor<1x48x56x56xui8>
    ```
  }];
  let arguments = (ins MobileOne_FloatsOrSums:$input, MobileOne_PerChannel:$factor);
  let results = (outs MobileOne_Bytes:$output);
  let assemblyFormat = [{
    $input `factor` `=` $factor attr-dict `:` type($input) `->` type($output)
  }];
  let hasVerifier = 1;
}

def MobileOne_DequantizeOp : MobileOne_Op<"dequantize"> {
  let summary = "The real numbers that bytes or integer sums stand for";
  let description = [{
    `output = f32(input) * factor[c]` per channel c of `input`, NCHW or NxC;
    both round to the nearest float, to even where two are as near.
    ```mlir
    %y = mobileone.dequantize %sums factor = dense_resource<s> : tensor<896xf32> : tensor<1x896x14x14xi32> -> tensor<1x896x14x14xf32>
    %logits = mobileone.dequantize %sums factor = dense_resource<s> : tensor<1000xf32> : tensor<1x1000xi32> -> tensor<1x1000xf32>
    ```
  }];
  let arguments = (ins
    MobileOne_Tensor<[UI8, I32], [4, 2]>:$input,
    MobileOne_PerChannel:$factor);
  let results = (outs MobileOne_Tensor<[F32], [4, 2]>:$output);
  let assemblyFormat = [{
    $input `factor` `=` $factor attr-dict `:` type($input) `->` type($output)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Around the blocks
//===----------------------------------------------------------------------===//

// Numbered as mobileone_channel_order of runtime/mobileone.h.
def MobileOne_ChannelOrder : I32EnumAttr<
    "ChannelOrder", "what stands in a pixel of the caller, and in which order", [
      I32EnumAttrCase<"rgb", 0>, I32EnumAttrCase<"bgr", 1>,
      I32EnumAttrCase<"rgba", 2>, I32EnumAttrCase<"bgra", 3>]> {
  let cppNamespace = "::mobileone";
}

def MobileOne_ReadImageOp : MobileOne_Op<"read_image"> {
  let summary = "Turns the caller's image (NHWC) into the network's input (NCHW)";
  let description = [{
    Of bytes, each channel c becomes (byte / 255 - mean[c]) / std[c]; the zero
    padding of the stem is zero *after* that. Floats are normalized by the
    caller: `mean` is 0, `std` is 1, and only the layout changes. `order` is
    that of the caller's pixels (`rgb` where it is not given); the network's own
    is always red, green, blue, and so are `mean` and `std`. Alpha is not read.
    ```mlir
    %x = mobileone.read_image %bytes mean = [4.850000e-01, 4.560000e-01, 4.060000e-01]
      std = [2.290000e-01, 2.240000e-01, 2.250000e-01] : tensor<1x224x224x3xui8> -> tensor<1x3x224x224xf32>
    %x = mobileone.read_image %camera order = bgra mean = ... : tensor<1x224x224x4xui8> -> tensor<1x3x224x224xf32>
    ```
  }];
  let arguments = (ins
    MobileOne_Image:$image,
    DefaultValuedAttr<MobileOne_ChannelOrder, "ChannelOrder::rgb">:$order,
    DenseF64ArrayAttr:$mean,
    DenseF64ArrayAttr:$std
  );
  let results = (outs MobileOne_Activation:$output);
  let assemblyFormat = [{
    $image (`order` `=` $order^)? `mean` `=` $mean `std` `=` $std attr-dict
    `:` type($image) `->` type($output)
  }];
  let extraClassDeclaration = [{
    /// Whether blue comes first.
    bool isReversed();
    /// Which element of a pixel the network's `channel` is.
    int64_t getElement(int64_t channel);
  }];
  let hasVerifier = 1;
}

def MobileOne_GlobalAveragePoolOp : MobileOne_Op<"global_average_pool"> {
  let summary = "Average of each channel over H and W";
  let description = [{
    ```mlir
    %y = mobileone.global_average_pool %x : tensor<1x1024x7x7xf32> -> tensor<1x1024xf32>
    ```
  }];
  let arguments = (ins MobileOne_Activation:$input);
  let results = (outs MobileOne_Matrix:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

def MobileOne_GlobalSumPoolOp : MobileOne_Op<"global_sum_pool"> {
  let summary = "Sum of each channel's bytes over H and W";
  let description = [{
    The average of a quantized network without its division, which stands in the
    factor behind the classifier: exact, so that no range of the means has to be
    known. An image has at most 128 pixels, so that sums take 15 bits.
    ```mlir
    %y = mobileone.global_sum_pool %x : tensor<1x1024x7x7xui8> -> tensor<1x1024xi32>
    ```
  }];
  let arguments = (ins MobileOne_Bytes:$input);
  let results = (outs MobileOne_Tensor<[I32], [2]>:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

def MobileOne_LinearOp : MobileOne_Op<"linear"> {
  let summary = "Classifier: matrix product plus bias";
  let description = [{
    `output = input weightᵀ + bias`, `input` NxC, `weight` KxC, `bias` K, as
    PyTorch's `Linear`. `name` is the layer's place in the network.
    ```mlir
    %y = mobileone.linear "head" %x weight = dense_resource<w> : tensor<1000x1024xf32>
      bias = dense_resource<b> : tensor<1000xf32> : tensor<1x1024xf32> -> tensor<1x1000xf32>
    ```

    Of integers, `i32` input and bias with `i8` weights, it gives `i32`, exact:
    the input is that of a global_sum_pool, and the verifier makes sure that no
    sum leaves the range.
  }];
  let arguments = (ins
    StrAttr:$name,
    MobileOne_FloatOrSumMatrix:$input,
    MobileOne_LinearWeights:$weight,
    MobileOne_Bias:$bias
  );
  let results = (outs MobileOne_FloatOrSumMatrix:$output);
  let assemblyFormat = [{
    $name $input `weight` `=` $weight `bias` `=` $bias attr-dict
    `:` type($input) `->` type($output)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether the weights are integers.
    bool isQuantized() { return getWeight().getElementType().isInteger(8); }
  }];
}

def MobileOne_SoftmaxOp : MobileOne_Op<"softmax", [SameOperandsAndResultType]> {
  let summary = "Probabilities of the classes";
  let description = [{
    exp(x[k]) / sum of exp(x[j]) over the last dimension of NxK.
    ```mlir
    %y = mobileone.softmax %x : tensor<1x1000xf32>
    ```
  }];
  let arguments = (ins MobileOne_Matrix:$input);
  let results = (outs MobileOne_Matrix:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def MobileOne_ChannelsLastOp : MobileOne_Op<"channels_last"> {
  let summary = "Lays a feature map out for a caller who wants NHWC";
  let description = [{
    `output[n][h][w][c] = input[n][c][h][w]`. Stands between a block and the
    return of its function: values between layers are NCHW.
    ```mlir
    %y = mobileone.channels_last %x : tensor<1x128x28x28xf32> -> tensor<1x28x28x128xf32>
    ```
  }];
  let arguments = (ins MobileOne_Activation:$input);
  let results = (outs MobileOne_Activation:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

#endif // MOBILEONE_DIALECT_IR_MOBILEONEOPS_TD
