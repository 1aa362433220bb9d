// Squeeze-and-excitation is a mean, two pointwise layers of one pixel and a scale.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @squeeze_excite(
func.func @squeeze_excite(%image: tensor<1x3x8x8xf32>) -> tensor<1x48xf32> {
  // The block's activation moves behind the scale.
  // CHECK: %[[SUMS:.+]] = call @pointwise_4x4x48_to_4x4x48(
  // CHECK: %[[MEAN:.+]] = call @average_4x4x48(%[[SUMS]], %{{.+}})
  // CHECK: %[[HIDDEN:.+]] = call @pointwise_1x1x48_to_1x1x3_relu(%[[MEAN]], %{{.+}}) : (tensor<1x1x3x16xf32>, tensor<1x48x16xf32>,
  // CHECK: %[[GATE:.+]] = call @pointwise_1x1x3_to_1x1x48_sigmoid(%[[HIDDEN]], %{{.+}}) : (tensor<1x1x1x16xf32>, tensor<3x16x16xf32>,
  // CHECK: %[[SCALED:.+]] = call @scale_4x4x48_to_4x4x48_border1111_relu(%[[SUMS]], %[[GATE]], %{{.+}})
  // CHECK: call @depthwise_4x4x48_border1111_stride1_to_4x4x48(%[[SCALED]], %{{.+}})
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x48x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x48x4x4xf32>
    mobileone.yield %conv : tensor<1x48x4x4xf32>
  }
  %1 = mobileone.block "stage1.1" (%x = %0) : tensor<1x48x4x4xf32> -> tensor<1x48x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x4x4xf32> -> tensor<1x48x4x4xf32>
    %se = mobileone.squeeze_excite %conv reduce = dense<1.0> : tensor<3x48xf32>, dense<0.0> : tensor<3xf32>
      expand = dense<2.0> : tensor<48x3xf32>, dense<0.0> : tensor<48xf32> : tensor<1x48x4x4xf32>
    %act = mobileone.activation relu %se : tensor<1x48x4x4xf32>
    mobileone.yield %act : tensor<1x48x4x4xf32>
  }
  %2 = mobileone.block "stage1.2" (%x = %1) : tensor<1x48x4x4xf32> -> tensor<1x48x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x4x4xf32> -> tensor<1x48x4x4xf32>
    mobileone.yield %conv : tensor<1x48x4x4xf32>
  }
  %3 = mobileone.global_average_pool %2 : tensor<1x48x4x4xf32> -> tensor<1x48xf32>
  return %3 : tensor<1x48xf32>
}
// The mean of 16 pixels: a sum times 1/16.
// CHECK-LABEL: func.func private @average_4x4x48(
// CHECK:         linalg.generic {{.+}} iterator_types = ["parallel", "parallel", "reduction", "reduction"]
// CHECK:         arith.constant 6.250000e-02 : f32
// CHECK:         arith.mulf

// 1 / (1 + exp(-x))
// CHECK-LABEL: func.func private @pointwise_1x1x3_to_1x1x48_sigmoid(
// CHECK:         ^bb0(%[[SUM:[^ :,]+]]: f32):
// CHECK:           %[[ONE:.+]] = arith.constant 1.000000e+00 : f32
// CHECK:           %[[NEGATED:.+]] = arith.negf %[[SUM]]
// CHECK:           %[[POWER:.+]] = math.exp %[[NEGATED]]
// CHECK:           %[[BELOW:.+]] = arith.addf %[[ONE]], %[[POWER]]
// CHECK:           arith.divf %[[ONE]], %[[BELOW]]

// CHECK-LABEL: func.func private @scale_4x4x48_to_4x4x48_border1111_relu(
// CHECK:         %[[SCALED:.+]] = arith.mulf
// CHECK:         arith.cmpf ogt, %{{.+}}, %[[SCALED]]

// -----

// The gates and the activation are what the ops say.
// CHECK-LABEL: func.func @kinds(
func.func @kinds(%image: tensor<1x3x4x4xf32>) -> tensor<1x16x4x4xf32> {
  // CHECK: call @dense_nchw_4x4x3_filter1x1_stride1_to_4x4x16(
  // CHECK: call @pointwise_1x1x16_to_1x1x3_relu(
  // CHECK: call @pointwise_1x1x3_to_1x1x16_hardsigmoid(
  // CHECK: call @scale_4x4x16_to_4x4x16_hardswish(
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x4x4xf32> -> tensor<1x16x4x4xf32>
    %se = mobileone.squeeze_excite %conv reduce = dense<1.0> : tensor<3x16xf32>, dense<0.0> : tensor<3xf32>
      expand = dense<2.0> : tensor<16x3xf32>, dense<0.0> : tensor<16xf32> gate = hardsigmoid : tensor<1x16x4x4xf32>
    %act = mobileone.activation hardswish %se : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  return %0 : tensor<1x16x4x4xf32>
}
// x / 6 + 1 / 2, limited where it is compared, so that NaN stays.
// CHECK-LABEL: func.func private @pointwise_1x1x3_to_1x1x16_hardsigmoid(
// CHECK:         ^bb0(%[[SUM:[^ :,]+]]: f32):
// CHECK-DAG:       %[[SIXTH:.+]] = arith.constant 0.166666672 : f32
// CHECK-DAG:       %[[HALF:.+]] = arith.constant 5.000000e-01 : f32
// CHECK:           %[[PRODUCT:.+]] = arith.mulf %[[SUM]], %[[SIXTH]]
// CHECK:           %[[LINE:.+]] = arith.addf %[[HALF]], %[[PRODUCT]]
// CHECK:           %[[IS_BELOW:.+]] = arith.cmpf ogt, %[[ZERO:.+]], %[[LINE]]
// CHECK:           %[[LIMITED:.+]] = arith.select %[[IS_BELOW]], %[[ZERO]], %[[LINE]]
// CHECK:           %[[IS_ABOVE:.+]] = arith.cmpf olt, %[[ONE:.+]], %[[LIMITED]]
// CHECK:           arith.select %[[IS_ABOVE]], %[[ONE]], %[[LIMITED]]

// x / 6 times x + 3, limited.
// CHECK-LABEL: func.func private @scale_4x4x16_to_4x4x16_hardswish(
// CHECK:         %[[X:.+]] = arith.mulf
// CHECK:         %[[SHIFTED:.+]] = arith.addf %[[X]], %{{.+}}
// CHECK:         arith.select
// CHECK:         %[[LIMITED:.+]] = arith.select
// CHECK:         %[[SIXTH:.+]] = arith.mulf %[[X]], %{{.+}}
// CHECK:         arith.mulf %[[SIXTH]], %[[LIMITED]]
