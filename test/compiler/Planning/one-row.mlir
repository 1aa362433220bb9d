// A band in place has two rows: an image of one row is no pair, however large.
// RUN: mobileone-opt %s --mobileone-plan | FileCheck %s --implicit-check-not=mobileone.bands
// RUN: mobileone-opt %s --emit=linalg -o /dev/null

// CHECK: mobileone.block "c"
func.func @one_row(%image: tensor<1x3x1x16384xf32>) -> tensor<1x16x1x16384xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x1x16384xf32> -> tensor<1x16x1x16384xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x1x16384xf32> -> tensor<1x16x1x16384xf32>
    mobileone.yield %conv : tensor<1x16x1x16384xf32>
  }
  %1 = mobileone.block "a" (%x = %0) : tensor<1x16x1x16384xf32> -> tensor<1x16x1x16384xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 16 : tensor<1x16x1x16384xf32> -> tensor<1x16x1x16384xf32>
    mobileone.yield %conv : tensor<1x16x1x16384xf32>
  }
  %2 = mobileone.block "b" (%x = %1) : tensor<1x16x1x16384xf32> -> tensor<1x16x1x16384xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x1x16384xf32> -> tensor<1x16x1x16384xf32>
    mobileone.yield %conv : tensor<1x16x1x16384xf32>
  }
  %3 = mobileone.block "c" (%x = %2) : tensor<1x16x1x16384xf32> -> tensor<1x16x1x16384xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 16 : tensor<1x16x1x16384xf32> -> tensor<1x16x1x16384xf32>
    mobileone.yield %conv : tensor<1x16x1x16384xf32>
  }
  return %3 : tensor<1x16x1x16384xf32>
}
