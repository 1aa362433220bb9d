// What is no plan, and networks for which there is none.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-plan

// Left over from a network that was planned before it was reparameterized.
func.func @half_a_plan(%image: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>}
    : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a plan of the whole network or none, but mobileone.packing is missing}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

func.func @dense_of_panels(%image: tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.block "a" (%x = %0) : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a dense convolution of the image, a depthwise or an unpadded pointwise convolution of stride 1}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %1 : tensor<1x16x8x8xf32>
}

// -----

func.func @two_dilations(%image: tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a dense convolution of the image, a depthwise or an unpadded pointwise convolution of stride 1, with one stride and one dilation for rows and columns; depthwise sums of integers at most 2^24}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x3x3xf32>
      strides = [1, 1] padding = [2, 1] dilations = [2, 1] groups = 1 : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}
