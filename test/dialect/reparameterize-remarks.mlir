// RUN: mobileone-opt %s --mobileone-reparameterize --remark-policy=all --remark-format=emitRemark --remarks-filter='reparameterize' --verify-diagnostics

func.func @all_branches(%image: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %0 = mobileone.block "stage1.0" (%x = %image) : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<2x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    // expected-remark @below {{FoldBatchNormIntoConv | Category:reparameterize | Remark="folded into the convolution before it"}}
    %convNorm = mobileone.batch_norm %conv gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
      mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
    // expected-remark @below {{WidenPointwiseFilter | Category:reparameterize | Remark="1x1 filter became 3x3"}}
    %scale = mobileone.conv %x filter = dense<1.0> : tensor<2x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    // expected-remark @below {{TurnSkipIntoConv | Category:reparameterize | Remark="became a 1x1 convolution with 2 groups"}}
    // expected-remark @below {{FoldBatchNormIntoConv}}
    // expected-remark @below {{WidenPointwiseFilter}}
    %skip = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
      mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
    // expected-remark @below {{SumParallelConvs | Category:reparameterize | Remark="3 convolutions became one"}}
    %sum = mobileone.add %convNorm, %scale, %skip : tensor<1x2x4x4xf32>
    mobileone.yield %sum : tensor<1x2x4x4xf32>
  }
  return %0 : tensor<1x2x4x4xf32>
}
