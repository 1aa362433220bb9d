// A feature map goes to the caller as [C][H][W]: whole panels, then the lanes of
// the last one that are channels.
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @features(
// CHECK-SAME:    %[[OUTPUT:[^ ]+]]: memref<500xf32>)
func.func @features(%image: tensor<1x3x10x10xf32>) -> tensor<1x20x5x5xf32> {
  // CHECK: %[[MAP:.+]] = call @dense_
  // CHECK: call @store_features_5x5x20(%[[MAP]], %[[OUTPUT]]) : (tensor<5x5x2x16xf32>, memref<500xf32>) -> ()
  // CHECK-NEXT: return
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x10x10xf32> -> tensor<1x20x5x5xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<20x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x10x10xf32> -> tensor<1x20x5x5xf32>
    mobileone.yield %conv : tensor<1x20x5x5xf32>
  }
  return %0 : tensor<1x20x5x5xf32>
}
// CHECK-LABEL: func.func @few_pixels(
func.func @few_pixels(%image: tensor<1x3x4x4xf32>) -> tensor<1x20x2x2xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x4x4xf32> -> tensor<1x20x2x2xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<20x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x4x4xf32> -> tensor<1x20x2x2xf32>
    mobileone.yield %conv : tensor<1x20x2x2xf32>
  }
  return %0 : tensor<1x20x2x2xf32>
}

// 16 pixels of a panel at a time, wherever they are in their rows, become rows of 16
// planes; the last 16 of 25 pixels begin at the tenth.
// CHECK-LABEL: func.func private @store_features_5x5x20(
// CHECK:         scf.for
// CHECK:         %[[LAST:.+]] = arith.constant 9 : index
// CHECK:         arith.minsi %{{.+}}, %[[LAST]]
// CHECK:         scf.for
// CHECK-COUNT-16: vector.transfer_read
// CHECK:         vector.transpose %{{.+}}, [1, 0] : vector<16x16xf32> to vector<16x16xf32>
// CHECK-COUNT-16: vector.transfer_write
// CHECK:         scf.for
// CHECK:         vector.transpose
// CHECK-COUNT-4: vector.transfer_write
// CHECK-NOT:     vector.transfer_write
// CHECK:         return

// Of fewer pixels each is scattered by itself.
// CHECK-LABEL: func.func private @store_features_2x2x20(
// CHECK:         arith.constant dense<[0, 4, 8, 12, {{.+}}, 60]> : vector<16xi32>
// CHECK:         arith.constant dense<true> : vector<16xi1>
// CHECK:         vector.scatter
// CHECK:         arith.constant dense<[true, true, true, true, false, {{.+}}, false]> : vector<16xi1>
// CHECK:         vector.scatter
