// The attributes of a plan are read as they are printed.
// RUN: mobileone-opt %s | mobileone-opt | FileCheck %s

// CHECK: mobileone.layout = #mobileone.layout<interleaved 8x8x4xf32, border = [1, 1, 0, 0], reversed>
// CHECK: attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 3, in_place>, mobileone.layout = #mobileone.layout<panels 4x4x8xf32, border = [1, 0, 2, 0], gap = 1>}
// CHECK: mobileone.packing = #mobileone.packing<dense>
// CHECK: mobileone.layout = #mobileone.layout<panels 1x1x8xf32>
func.func @network(%image: tensor<1x8x8x4xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.read_image %image order = bgra mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    {mobileone.layout = #mobileone.layout<interleaved 8x8x4xf32, reversed, border = [1, 1, 0, 0]>} : tensor<1x8x8x4xf32> -> tensor<1x3x8x8xf32>
  %1 = mobileone.block "stem" (%x = %0) attributes {
    mobileone.bands = #mobileone.bands<layers = 2, rows = 3, in_place>,
    mobileone.layout = #mobileone.layout<panels 4x4x8xf32, gap = 1, border = [1, 0, 2, 0]>
  } : tensor<1x3x8x8xf32> -> tensor<1x8x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x8x4x4xf32>
    mobileone.yield %conv : tensor<1x8x4x4xf32>
  }
  %2 = mobileone.global_average_pool %1 {mobileone.layout = #mobileone.layout<panels 1x1x8xf32>} : tensor<1x8x4x4xf32> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// CHECK: func.func private @planes(tensor<1x3x8x6xf32> {mobileone.layout = #mobileone.layout<planar 8x6x3xf32>})
func.func private @planes(tensor<1x3x8x6xf32> {mobileone.layout = #mobileone.layout<planar 8x6x3xf32>})
