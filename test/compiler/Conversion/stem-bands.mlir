// A stem and a depthwise block that both halve the rows become one kernel, and a
// pointwise block behind them joins it. A band of 2 result rows needs 2 * 4 + 1
// rows of the image and 2 * 2 + 1 of the stem's result; the last row of each is
// kept for the next band. Workers share the bands: above the first band of a
// share, these rows are zeros or computed once more.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// 68 rows make 34 and 17: eight whole bands in a loop, one of a single row behind
// it, whose windows end in the zeros below the image.
// CHECK-LABEL: func.func @eight_bands_and_a_row(
func.func @eight_bands_and_a_row(%image: tensor<1x3x68x224xf32>) -> tensor<1x16xf32> {
  // CHECK-DAG: %[[IMAGE:.+]] = bufferization.alloc_tensor() : tensor<3x9x225xf32>
  // CHECK-DAG: %[[IMAGE_CARRY:.+]] = bufferization.alloc_tensor() : tensor<3x1x225xf32>
  // CHECK-DAG: %[[STEM:.+]] = bufferization.alloc_tensor() : tensor<5x113x1x16xf32>
  // CHECK-DAG: %[[STEM_CARRY:.+]] = bufferization.alloc_tensor() : tensor<1x113x1x16xf32>
  // CHECK:     call @[[KERNEL:stem_f32_nchw_68x224x3_border1100_to_16_relu_to_17x56x16_rows2]](
  // CHECK-NOT: call @depthwise
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x68x224xf32> -> tensor<1x16x34x112xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x68x224xf32> -> tensor<1x16x34x112xf32>
    %act = mobileone.activation relu %conv : tensor<1x16x34x112xf32>
    mobileone.yield %act : tensor<1x16x34x112xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x34x112xf32> -> tensor<1x16x17x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x34x112xf32> -> tensor<1x16x17x56xf32>
    mobileone.yield %conv : tensor<1x16x17x56xf32>
  }
  %mean = mobileone.global_average_pool %1 : tensor<1x16x17x56xf32> -> tensor<1x16xf32>
  return %mean : tensor<1x16xf32>
}
// CHECK:       func.func private @[[KERNEL]](
// CHECK-SAME:    %[[ROWS:[^:]+]]: memref<3x68x224xf32>, %[[STRIDE:[^:]+]]: index,
// CHECK-SAME:    tensor<3x9x225xf32> {bufferization.writable = true, mobileone.worker_bytes = 24300 : index}
// CHECK-SAME:    %[[BEGIN:[^:]+]]: index, %[[END:[^:]+]]: index)
// CHECK-SAME:    attributes {mobileone.band_rows = 2 : index, mobileone.units = 9 : index}
// CHECK:         %[[IS_FIRST:.+]] = arith.cmpi eq, %[[BEGIN]], %c0
// CHECK:         %[[IS_LAST:.+]] = arith.cmpi uge, %[[END]], %c9
// CHECK:         %[[VIEW:.+]] = memref.reinterpret_cast %[[ROWS]] to offset: [0], sizes: [3, 68, 224], strides: [%{{.+}}, %[[STRIDE]], 1]
// CHECK:         %[[IMAGE:.+]] = bufferization.to_tensor %[[VIEW]] restrict
// CHECK:         scf.if %[[IS_FIRST]]
// CHECK:           linalg.fill {{.+}} -> tensor<3x1x225xf32>
// CHECK:           linalg.fill {{.+}} -> tensor<1x113x1x16xf32>
// CHECK:         else
// Three rows of the image, the last one of which stays, make one of the stem.
// CHECK:           tensor.extract_slice %[[IMAGE]][0, %{{.+}}, 0] [3, 3, 224]
// CHECK:           tensor.extract_slice %{{.+}}[0, 2, 0] [3, 1, 225]
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<3x3x225xf32>, tensor<1x3x3x3x16xf32>) outs(%{{.+}} : tensor<1x112x1x16xf32>)
// CHECK:         %[[UPPER:.+]] = arith.minui %[[END]], %c8
// CHECK:         scf.for %{{.+}} = %[[BEGIN]] to %[[UPPER]] step %c1
// CHECK:           tensor.extract_slice %[[IMAGE]][0, %{{.+}}, 0] [3, 8, 224]
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<3x9x225xf32>, tensor<1x3x3x3x16xf32>) outs(%{{.+}} : tensor<4x112x1x16xf32>)
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<5x113x1x16xf32>, tensor<3x3x1x16xf32>) outs(%{{.+}} : tensor<2x56x1x16xf32>)
// CHECK:         scf.yield
// CHECK:         scf.if %[[IS_LAST]]
// CHECK:         ins(%{{.+}}, %{{.+}} : tensor<3x5x225xf32>, tensor<1x3x3x3x16xf32>) outs(%{{.+}} : tensor<2x112x1x16xf32>)
// CHECK:         ins(%{{.+}}, %{{.+}} : tensor<3x113x1x16xf32>, tensor<3x3x1x16xf32>) outs(%{{.+}} : tensor<1x56x1x16xf32>)

// -----

// 5 rows make 3 and 2, in bands of one row: the second reads one row of the image
// above a row of zeros. The pointwise block reads the rows of a band as they are.
// CHECK-LABEL: func.func @pointwise_joins(
func.func @pointwise_joins(%image: tensor<1x3x5x223xf32>) -> tensor<1x32xf32> {
  // CHECK:     bufferization.alloc_tensor() : tensor<1x56x1x16xf32>
  // CHECK:     call @[[KERNEL:stem_f32_nchw_5x223x3_border1111_to_16_relu_to_16_to_2x56x32_relu_rows1]](
  // CHECK-NOT: call @pointwise
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x5x223xf32> -> tensor<1x16x3x112xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x5x223xf32> -> tensor<1x16x3x112xf32>
    %act = mobileone.activation relu %conv : tensor<1x16x3x112xf32>
    mobileone.yield %act : tensor<1x16x3x112xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x3x112xf32> -> tensor<1x16x2x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x3x112xf32> -> tensor<1x16x2x56xf32>
    mobileone.yield %conv : tensor<1x16x2x56xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %1) : tensor<1x16x2x56xf32> -> tensor<1x32x2x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<32x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x2x56xf32> -> tensor<1x32x2x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x32x2x56xf32>
    mobileone.yield %act : tensor<1x32x2x56xf32>
  }
  %mean = mobileone.global_average_pool %2 : tensor<1x32x2x56xf32> -> tensor<1x32xf32>
  return %mean : tensor<1x32xf32>
}
// CHECK:       func.func private @[[KERNEL]](
// CHECK:         scf.for
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<3x5x225xf32>, tensor<1x3x3x3x16xf32>) outs(%{{.+}} : tensor<2x112x1x16xf32>)
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<3x113x1x16xf32>, tensor<3x3x1x16xf32>) outs(%{{.+}} : tensor<1x56x1x16xf32>)
// CHECK:           ins(%{{.+}}, %{{.+}} : tensor<1x56x16xf32>, tensor<2x16x16xf32>) outs(%{{.+}} : tensor<1x56x2x16xf32>)
// CHECK:         scf.yield
// CHECK:         ins(%{{.+}}, %{{.+}} : tensor<3x3x225xf32>, tensor<1x3x3x3x16xf32>) outs(%{{.+}} : tensor<1x112x1x16xf32>)
// CHECK:         ins(%{{.+}}, %{{.+}} : tensor<3x113x1x16xf32>, tensor<3x3x1x16xf32>) outs(%{{.+}} : tensor<1x56x1x16xf32>)
// CHECK:         ins(%{{.+}}, %{{.+}} : tensor<1x56x16xf32>, tensor<2x16x16xf32>) outs(%{{.+}} : tensor<1x56x2x16xf32>)

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
