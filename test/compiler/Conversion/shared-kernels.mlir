// Layers of the same shape share one kernel; others do not.
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg > %t
// RUN: FileCheck %s < %t
// RUN: FileCheck %s --check-prefix=ONCE < %t

// CHECK-LABEL: func.func @shared(
func.func @shared(%image: tensor<1x3x8x8xf32>) -> tensor<1x16xf32> {
  // CHECK: call @pointwise_4x4x16_to_4x4x16_relu(
  // CHECK: call @pointwise_4x4x16_to_4x4x16_relu(
  // Without an activation it is other code.
  // CHECK: call @pointwise_4x4x16_to_4x4x16(
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %1 = mobileone.block "stage1.1" (%x = %0) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    %act = mobileone.activation relu %conv : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<2.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    %act = mobileone.activation relu %conv : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  %3 = mobileone.block "stage1.5" (%x = %2) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %4 = mobileone.global_average_pool %3 : tensor<1x16x4x4xf32> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}

// ONCE:     func.func private @pointwise_4x4x16_to_4x4x16_relu(
// ONCE-NOT: func.func private @pointwise_4x4x16_to_4x4x16_relu
// ONCE:     func.func private @pointwise_4x4x16_to_4x4x16(
// ONCE-NOT: func.func private @pointwise_4x4x16_to_4x4x16
