// Each activation is arithmetic of its own behind the sums of a kernel, which has it
// in its name.
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @activations(
func.func @activations(%image: tensor<1x3x4x4xf32>) -> tensor<1x16x4x4xf32> {
  // CHECK: call @dense_nchw_4x4x3_filter1x1_stride1_to_4x4x16_border1111_gelu(
  // CHECK: call @depthwise_4x4x16_border1111_stride1_to_4x4x16_silu(
  // CHECK: call @pointwise_4x4x16_to_4x4x16_hardswish(
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x4x4xf32> -> tensor<1x16x4x4xf32>
    %act = mobileone.activation gelu %conv : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 16 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    %act = mobileone.activation silu %conv : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %1) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    %act = mobileone.activation hardswish %conv : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  return %2 : tensor<1x16x4x4xf32>
}
// x / 2 + x / 2 * erf(x / sqrt 2)
// CHECK-LABEL: func.func private @dense_nchw_4x4x3_filter1x1_stride1_to_4x4x16_border1111_gelu(
// CHECK:         ^bb0(%[[X:[^ :,]+]]: f32):
// CHECK:           %[[HALF:.+]] = arith.mulf %[[X]], %{{.+}}
// CHECK:           arith.constant 0.707106769 : f32
// CHECK:           %[[SCALED:.+]] = arith.mulf %[[X]], %{{.+}}
// CHECK:           %[[ERF:.+]] = math.erf %[[SCALED]]
// CHECK:           %[[PRODUCT:.+]] = arith.mulf %[[HALF]], %[[ERF]]
// CHECK:           arith.addf %[[HALF]], %[[PRODUCT]]

// x / (1 + exp(-x))
// CHECK-LABEL: func.func private @depthwise_4x4x16_border1111_stride1_to_4x4x16_silu(
// CHECK:         ^bb0(%[[X:[^ :,]+]]: f32):
// CHECK:           %[[NEGATED:.+]] = arith.negf %[[X]]
// CHECK:           %[[POWER:.+]] = math.exp %[[NEGATED]]
// CHECK:           %[[BELOW:.+]] = arith.addf %{{.+}}, %[[POWER]]
// CHECK:           arith.divf %[[X]], %[[BELOW]]
