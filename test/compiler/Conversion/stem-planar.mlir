// An NCHW image gets its zero border as planes; the stem reads it there.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// Stride 2 over an even image never reaches behind it: 2 * 3 + 3 - 1 = 8 rows
// lie under the windows, so only top and left have a border.
// CHECK-DAG: #[[$PIXEL_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d6, d0 * 2 + d4, d1 * 2 + d5)>
// CHECK-DAG: #[[$FILTER_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d2, d4, d5, d6, d3)>
// CHECK-LABEL: func.func @even(
// CHECK-SAME:    %[[IMAGE:[^:]+]]: memref<3x8x8xf32>, %[[STRIDE:[^:]+]]: index, %{{[^:]+}}: memref<16xf32>)
func.func @even(%image: tensor<1x3x8x8xf32>) -> tensor<1x16xf32> {
  // CHECK: %[[PLANES:.+]] = call @read_f32_nchw_8x8x3_border1100(%[[IMAGE]], %[[STRIDE]], %{{.+}}) : (memref<3x8x8xf32>, index, tensor<3x9x9xf32>) -> tensor<3x9x9xf32>
  // CHECK: call @dense_nchw_8x8x3_border1100_stride2_to_4x4x16_relu(%[[PLANES]], %{{.+}}) : (tensor<3x9x9xf32>, tensor<1x3x3x3x16xf32>, tensor<1x16xf32>, tensor<4x4x1x16xf32>) -> tensor<4x4x1x16xf32>
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32> bias = dense<0.5> : tensor<16xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32>
    %act = mobileone.activation relu %conv : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x4x4xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}
// Planes follow each other at 8 rows.
// CHECK-LABEL: func.func private @read_f32_nchw_8x8x3_border1100(
// CHECK-SAME:    %[[ROWS:[^:]+]]: memref<3x8x8xf32>, %[[STRIDE:[^:]+]]: index,
// CHECK:         linalg.fill
// CHECK-SAME:      tensor<3x1x9xf32>
// CHECK:         %[[HEIGHT:.+]] = arith.constant 8 : index
// CHECK:         %[[PLANE:.+]] = arith.muli %[[STRIDE]], %[[HEIGHT]] : index
// CHECK:         %[[VIEW:.+]] = memref.reinterpret_cast %[[ROWS]] to offset: [0], sizes: [3, 8, 8], strides: [%[[PLANE]], %[[STRIDE]], 1]
// CHECK:         bufferization.to_tensor %[[VIEW]] restrict : memref<3x8x8xf32, strided<[?, ?, 1]>> to tensor<3x8x8xf32>
// CHECK:         tensor.insert_slice %{{.+}} into %{{.+}}[0, 1, 1] [3, 8, 8] [1, 1, 1]

// The bias starts the sums, the activation is last.
// CHECK-LABEL: func.func private @dense_nchw_8x8x3_border1100_stride2_to_4x4x16_relu(
// CHECK-SAME:    %[[PLANES:[^:]+]]: tensor<3x9x9xf32> {bufferization.writable = false}, %[[FILTER_ARG:[^:]+]]: tensor<1x3x3x3x16xf32> {{.+}}, %[[BIAS:[^:]+]]: tensor<1x16xf32> {{.+}}, %[[RESULT:[^:]+]]: tensor<4x4x1x16xf32> {bufferization.writable = true}
// CHECK:         %[[START:.+]] = linalg.generic {{.+}} ins(%[[BIAS]] : tensor<1x16xf32>) outs(%[[RESULT]] : tensor<4x4x1x16xf32>)
// CHECK:         %[[SUMS:.+]] = linalg.generic {indexing_maps = [#[[$PIXEL_MAP]], #[[$FILTER_MAP]], #{{.+}}], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%[[PLANES]], %[[FILTER_ARG]] : {{.+}}) outs(%[[START]] : {{.+}})
// CHECK:           arith.mulf {{.+}} fastmath<contract>
// CHECK:           arith.addf {{.+}} fastmath<contract>
// CHECK:         linalg.generic {{.+}} outs(%[[SUMS]] : {{.+}})
// CHECK:           arith.select

// -----

// An odd image of 7 rows and 9 columns: 2 * 3 + 3 - 1 = 8 is one row behind it,
// and one column, too.
// CHECK-LABEL: func.func @odd(
func.func @odd(%image: tensor<1x3x7x9xf32>) -> tensor<1x16xf32> {
  // CHECK: call @read_f32_nchw_7x9x3_border1111({{.+}}) : (memref<3x7x9xf32>, index, tensor<3x9x11xf32>) -> tensor<3x9x11xf32>
  // CHECK: call @dense_nchw_7x9x3_border1111_stride2_to_4x5x16(
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x7x9xf32> -> tensor<1x16x4x5xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x7x9xf32> -> tensor<1x16x4x5xf32>
    mobileone.yield %conv : tensor<1x16x4x5xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x4x5xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}
// No activation where the block has none.
// CHECK-LABEL: func.func private @dense_nchw_7x9x3_border1111_stride2_to_4x5x16(
// CHECK-NOT:     arith.select
