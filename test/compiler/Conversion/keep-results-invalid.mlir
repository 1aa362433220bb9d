// What stands between the blocks of a kernel cannot be shown.
// RUN: not mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg=instrument=tensors 2>&1 | FileCheck %s
// RUN: mobileone-opt %s --mobileone-plan=keep-results --convert-mobileone-to-linalg=instrument=tensors -o /dev/null
// CHECK: error: 'mobileone.block' op expects a plan that keeps results, but got #mobileone.bands<layers = 2, rows = 1>

func.func @network(%image: tensor<1x3x16x16xf32>) -> tensor<1x16x4x4xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x16x16xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x16x16xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x8x8xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  return %1 : tensor<1x16x4x4xf32>
}
