// A deploy-form network passes through unchanged, bit for bit: -0, a denormal
// and the names of resources, too.
// RUN: mobileone-opt %s > %t.before
// RUN: mobileone-opt %s --mobileone-reparameterize > %t.after
// RUN: cmp %t.before %t.after

func.func @deploy(%image: tensor<1x2x4x4xf32>) -> tensor<1x2xf32> {
  %0 = mobileone.block "stage1.0" (%x = %image) : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
    %conv = mobileone.conv %x filter = dense_resource<weights> : tensor<2x1x1x1xf32> bias = dense<[-0.0, 1.0e-45]> : tensor<2xf32>
      strides = [1, 1] padding = [0, 0] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    %se = mobileone.squeeze_excite %conv reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
      expand = dense<2.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> : tensor<1x2x4x4xf32>
    %act = mobileone.activation relu %se : tensor<1x2x4x4xf32>
    mobileone.yield %act : tensor<1x2x4x4xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x2x4x4xf32> -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F010000A0"
    }
  }
#-}
