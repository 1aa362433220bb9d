// The classifier: mean, matrix, softmax, and a copy to the caller without the
// padding of the last panel.
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @classifier(
// CHECK-SAME:    %[[OUTPUT:[^ ]+]]: memref<10xf32>)
func.func @classifier(%image: tensor<1x3x8x8xf32>) -> tensor<1x10xf32> {
  // CHECK: %[[MEAN:.+]] = call @average_4x4x16(
  // CHECK: %[[LOGITS:.+]] = call @pointwise_1x1x16_to_1x1x10(%[[MEAN]], %{{.+}}) : (tensor<1x1x1x16xf32>, tensor<1x16x16xf32>, tensor<1x16xf32>, tensor<1x1x1x16xf32>)
  // CHECK: %[[SOFTMAX:.+]] = call @softmax_10(%[[LOGITS]], %{{.+}})
  // CHECK: %[[FLAT:.+]] = tensor.collapse_shape %[[SOFTMAX]] {{.+}} into tensor<16xf32>
  // CHECK: %[[CLASSES:.+]] = tensor.extract_slice %[[FLAT]][0] [10] [1]
  // CHECK: bufferization.materialize_in_destination %[[CLASSES]] in restrict writable %[[OUTPUT]]
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x4x4xf32> -> tensor<1x16xf32>
  %2 = mobileone.linear "head" %1 weight = dense<1.0> : tensor<10x16xf32> bias = dense<1.0> : tensor<10xf32>
    : tensor<1x16xf32> -> tensor<1x10xf32>
  %3 = mobileone.softmax %2 : tensor<1x10xf32>
  return %3 : tensor<1x10xf32>
}
// The largest logit is taken away first, so that no exponential overflows; both
// reductions run over the 10 classes and not over the 6 lanes of padding.
// CHECK-LABEL: func.func private @softmax_10(
// CHECK:         tensor.extract_slice {{.+}}[0] [10] [1] : tensor<16xf32> to tensor<10xf32>
// CHECK:         arith.constant 0xFF800000 : f32
// CHECK:         arith.maximumf
// CHECK:         %[[BELOW:.+]] = arith.subf
// CHECK:         math.exp %[[BELOW]]
// CHECK:         tensor.extract_slice {{.+}}[0] [10] [1] : tensor<16xf32> to tensor<10xf32>
// CHECK:         arith.addf
// CHECK:         arith.divf
