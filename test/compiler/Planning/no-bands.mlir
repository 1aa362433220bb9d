// What is dilated, or larger than 3x3, is a kernel of its own.
// RUN: mobileone-opt %s --mobileone-plan | FileCheck %s --implicit-check-not=mobileone.bands
// CHECK: func.func @other_windows(
func.func @other_windows(%image: tensor<1x3x228x224xf32>) -> tensor<1x48x57x56xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x228x224xf32> -> tensor<1x48x114x112xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x228x224xf32> -> tensor<1x48x114x112xf32>
    mobileone.yield %conv : tensor<1x48x114x112xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x48x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x5x5xf32>
      strides = [2, 2] padding = [2, 2] groups = 48 : tensor<1x48x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %3 = mobileone.block "stage1.2" (%x = %2) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [2, 2] dilations = [2, 2] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %4 = mobileone.block "stage1.3" (%x = %3) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  return %4 : tensor<1x48x57x56xf32>
}
