// The pass frees the f64 weights that it made itself, never those it was given:
// another convolution may use them, too.
// RUN: mobileone-opt %s --mobileone-reparameterize | FileCheck %s

// Both blocks, one with a norm (scale 2) and one without, use one resource.
// CHECK-LABEL: func.func @one_resource_two_blocks
func.func @one_resource_two_blocks(%image: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  // CHECK: filter = dense<[{{.+}}[1.000000e+00, 2.000000e+00]{{.+}}> : tensor<1x1x1x2xf32>
  %0 = mobileone.block "stage1.0" (%x = %image) : tensor<1x1x4x4xf32> -> tensor<1x1x4x3xf32> {
    %conv = mobileone.conv %x filter = dense_resource<shared> : tensor<1x1x1x2xf64>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x3xf32>
    mobileone.yield %conv : tensor<1x1x4x3xf32>
  }
  // CHECK: filter = dense<[{{.+}}[2.000000e+00, 4.000000e+00]{{.+}}> : tensor<1x1x1x2xf32>
  %1 = mobileone.block "stage1.1" (%x = %0) : tensor<1x1x4x3xf32> -> tensor<1x1x4x4xf32> {
    %conv = mobileone.conv %x filter = dense_resource<shared> : tensor<1x1x1x2xf64>
      strides = [1, 1] padding = [0, 1] groups = 1 : tensor<1x1x4x3xf32> -> tensor<1x1x4x4xf32>
    %norm = mobileone.batch_norm %conv gamma = dense<4.0> : tensor<1xf32> beta = dense<0.0> : tensor<1xf32>
      mean = dense<0.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x4x4xf32>
    mobileone.yield %norm : tensor<1x1x4x4xf32>
  }
  return %1 : tensor<1x1x4x4xf32>
}

{-#
  dialect_resources: {
    builtin: {
      shared: "0x08000000000000000000F03F0000000000000040"
    }
  }
#-}
