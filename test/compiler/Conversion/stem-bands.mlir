// A stem and a depthwise block that both halve the rows become one kernel, which
// holds a band of 4 result rows at a time: 2 * 8 + 1 rows of the image, 2 * 4 + 1
// of the stem's result, and the last row of each for the next band.
// RUN: mobileone-opt %s --split-input-file --convert-mobileone-to-linalg | FileCheck %s

// 36 rows make 18 and 9: two whole bands in a loop, one of a single row behind
// it, whose windows end in the zeros below the image.
// CHECK-LABEL: func.func @two_bands_and_a_row(
func.func @two_bands_and_a_row(%image: tensor<1x3x36x32xf32>) -> tensor<1x16xf32> {
  // CHECK-DAG: %[[IMAGE:.+]] = bufferization.alloc_tensor() : tensor<3x17x33xf32>
  // CHECK-DAG: %[[IMAGE_CARRY:.+]] = bufferization.alloc_tensor() : tensor<3x1x33xf32>
  // CHECK-DAG: %[[STEM:.+]] = bufferization.alloc_tensor() : tensor<9x17x1x16xf32>
  // CHECK-DAG: %[[STEM_CARRY:.+]] = bufferization.alloc_tensor() : tensor<1x17x1x16xf32>
  // CHECK:     call @[[KERNEL:stem_f32_nchw_36x32x3_border1100_to_16_relu_to_9x8x16]](
  // CHECK-NOT: call @depthwise
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x36x32xf32> -> tensor<1x16x18x16xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x36x32xf32> -> tensor<1x16x18x16xf32>
    %act = mobileone.relu %conv : tensor<1x16x18x16xf32>
    mobileone.yield %act : tensor<1x16x18x16xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x18x16xf32> -> tensor<1x16x9x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x18x16xf32> -> tensor<1x16x9x8xf32>
    mobileone.yield %conv : tensor<1x16x9x8xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x16x9x8xf32> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}
// CHECK:       func.func private @[[KERNEL]](
// CHECK-DAG:     %[[END:.+]] = arith.constant 8 : index
// CHECK-DAG:     %[[STEP:.+]] = arith.constant 4 : index
// CHECK:         scf.for %{{.+}} = %{{.+}} to %[[END]] step %[[STEP]]
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<3x17x33xf32>, tensor<1x3x3x3x16xf32>) outs(%{{.+}} : tensor<8x16x1x16xf32>)
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<9x17x1x16xf32>, tensor<3x3x1x16xf32>) outs(%{{.+}} : tensor<4x8x1x16xf32>)
// CHECK:         scf.yield
// CHECK:         ins(%{{.+}}, %{{.+}} : tensor<3x5x33xf32>, tensor<1x3x3x3x16xf32>) outs(%{{.+}} : tensor<2x16x1x16xf32>)
// CHECK:         ins(%{{.+}}, %{{.+}} : tensor<3x17x1x16xf32>, tensor<3x3x1x16xf32>) outs(%{{.+}} : tensor<1x8x1x16xf32>)

// -----

// The stem's result has a second reader, which needs it whole.
// CHECK-LABEL: func.func @two_readers_stay_apart(
func.func @two_readers_stay_apart(%image: tensor<1x3x32x32xf32>) -> tensor<1x16xf32> {
  // CHECK: call @dense_nchw_
  // CHECK: call @depthwise_
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x32x32xf32> -> tensor<1x16x16x16xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x32x32xf32> -> tensor<1x16x16x16xf32>
    mobileone.yield %conv : tensor<1x16x16x16xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x16x16xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x16x16xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x16x8x8xf32> -> tensor<1x16xf32>
  %3 = mobileone.global_average_pool %0 : tensor<1x16x16x16xf32> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}
