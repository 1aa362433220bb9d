// Weights stay f64 between the patterns and are rounded once, equation 8 of
// docs/Reparameterization.md.
// RUN: mobileone-opt %s --mobileone-reparameterize | FileCheck %s

// Three branches with filters 2^24, 1 and 1 and norms that change nothing.
//   f64:           2^24 + 1 + 1 = 16777218, which f32 holds exactly
//   f32 each step: 2^24 + 1 = 16777217 rounds to the even 2^24, twice: 16777216
// CHECK-LABEL: func.func @sum_of_branches
func.func @sum_of_branches(%image: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  // CHECK: filter = dense<0x4B800001> : tensor<1x1x1x1xf32>
  %0 = mobileone.block "stage1.1" (%x = %image) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    %c0 = mobileone.conv %x filter = dense<0x4B800000> : tensor<1x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
    %n0 = mobileone.batch_norm %c0 gamma = dense<1.0> : tensor<1xf32> beta = dense<0.0> : tensor<1xf32>
      mean = dense<0.0> : tensor<1xf32> variance = dense<1.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
    %c1 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
    %n1 = mobileone.batch_norm %c1 gamma = dense<1.0> : tensor<1xf32> beta = dense<0.0> : tensor<1xf32>
      mean = dense<0.0> : tensor<1xf32> variance = dense<1.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
    %n2 = mobileone.batch_norm %x gamma = dense<1.0> : tensor<1xf32> beta = dense<0.0> : tensor<1xf32>
      mean = dense<0.0> : tensor<1xf32> variance = dense<1.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
    %sum = mobileone.add %n0, %n1, %n2 : tensor<1x1x2x2xf32>
    mobileone.yield %sum : tensor<1x1x2x2xf32>
  }
  return %0 : tensor<1x1x2x2xf32>
}

// Within one fold: bias' = (0 - mean) * scale + beta, with mean = -(2^24 - 1),
// scale = 1 + 2^-23 and beta = -2^24.
//   f64:           (2^24 - 1) (1 + 2^-23) - 2^24 = 1 - 2^-23
//   f32 each step: the product, 2^24 + 1 - 2^-23, rounds to 2^24; the sum is 0
// CHECK-LABEL: func.func @bias_of_a_norm
func.func @bias_of_a_norm(%image: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  // CHECK: bias = dense<0.99999988> : tensor<1xf32>
  %0 = mobileone.block "stage1.1" (%x = %image) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    %n = mobileone.batch_norm %x gamma = dense<0x3F800001> : tensor<1xf32> beta = dense<0xCB800000> : tensor<1xf32>
      mean = dense<0xCB7FFFFF> : tensor<1xf32> variance = dense<1.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
    mobileone.yield %n : tensor<1x1x2x2xf32>
  }
  return %0 : tensor<1x1x2x2xf32>
}
