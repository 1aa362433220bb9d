// A feature map goes to the caller as [C][H][W]: whole panels, then the lanes of
// the last one that are channels.
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @features(
// CHECK-SAME:    %[[OUTPUT:[^ ]+]]: memref<320xf32>)
func.func @features(%image: tensor<1x3x8x8xf32>) -> tensor<1x20x4x4xf32> {
  // CHECK: %[[MAP:.+]] = call @dense_
  // CHECK: call @store_features_4x4x20(%[[MAP]], %[[OUTPUT]]) : (tensor<4x4x2x16xf32>, memref<320xf32>) -> ()
  // CHECK-NEXT: return
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x20x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<20x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x20x4x4xf32>
    mobileone.yield %conv : tensor<1x20x4x4xf32>
  }
  return %0 : tensor<1x20x4x4xf32>
}
// CHECK-LABEL: func.func private @store_features_4x4x20(
// CHECK:         arith.constant dense<[0, 16, 32, 48, {{.+}}, 240]> : vector<16xi32>
// CHECK:         arith.constant dense<true> : vector<16xi1>
// CHECK:         vector.scatter
// CHECK:         arith.constant dense<[true, true, true, true, false, {{.+}}, false]> : vector<16xi1>
// CHECK:         vector.scatter
