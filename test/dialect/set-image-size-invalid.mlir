// What has no image size to set.
// RUN: mobileone-opt %s --pass-pipeline='builtin.module(func.func(mobileone-set-image-size))' --split-input-file --verify-diagnostics

// expected-error @+1 {{'func.func' op expects a network of one image to give a size}}
func.func private @declared(tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>

// -----

// expected-error @+1 {{'func.func' op expects an image of rank 4, but got 'tensor<8xf32>'}}
func.func @vector(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

// -----

func.func @other(%x: tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32> {
  // expected-error @+1 {{'arith.negf' op has a shape of which nothing is known: expects ops of the mobileone dialect}}
  %y = arith.negf %x : tensor<1x3x8x8xf32>
  return %y : tensor<1x3x8x8xf32>
}

// -----

func.func @large(%x: tensor<1x3x8x8xf32>) -> tensor<1x99999x8x8xf32> {
  %y = mobileone.block "b" (%a = %x) : tensor<1x3x8x8xf32> -> tensor<1x99999x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op for images of 224x224 expects a result of at most 2^31 values, but got 'tensor<1x99999x224x224xf32>'}}
    %z = mobileone.conv %a filter = dense<1.0> : tensor<99999x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x99999x8x8xf32>
    mobileone.yield %z : tensor<1x99999x8x8xf32>
  }
  return %y : tensor<1x99999x8x8xf32>
}
