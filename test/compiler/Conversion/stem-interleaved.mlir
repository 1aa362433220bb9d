// An NHWC image is read as rows of width * 3 elements.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// Borders are pixels of 3 elements: (1 + 8) * 3 = 27 columns.
// CHECK-DAG: #[[$PIXEL_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0 * 2 + d4, d1 * 2 + d5, d6)>
// CHECK-LABEL: func.func @floats(
// CHECK-SAME:    %[[IMAGE:[^:]+]]: memref<8x24xf32>, %[[STRIDE:[^:]+]]: index, %{{[^:]+}}: memref<16xf32>)
func.func @floats(%image: tensor<1x8x8x3xf32>) -> tensor<1x16xf32> {
  // CHECK: %[[ROWS:.+]] = call @read_f32_nhwc_8x8x3_border1100(%[[IMAGE]], %[[STRIDE]], %{{.+}}) : (memref<8x24xf32>, index, tensor<9x27xf32>) -> tensor<9x27xf32>
  // CHECK: call @dense_nhwc_8x8x3_border1100_stride2_to_4x4x16(%[[ROWS]], %{{.+}})
  %read = mobileone.read_image %image mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x8x8x3xf32> -> tensor<1x3x8x8xf32>
  %0 = mobileone.block "stem" (%x = %read) : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x4x4xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}
// The caller says where each row begins. The image itself begins behind one pixel
// of the border.
// CHECK-LABEL: func.func private @read_f32_nhwc_8x8x3_border1100(
// CHECK-SAME:    %[[ROWS:[^:]+]]: memref<8x24xf32>, %[[STRIDE:[^:]+]]: index,
// CHECK:         %[[VIEW:.+]] = memref.reinterpret_cast %[[ROWS]] to offset: [0], sizes: [8, 24], strides: [%[[STRIDE]], 1]
// CHECK:         %[[IMAGE:.+]] = bufferization.to_tensor %[[VIEW]] restrict : memref<8x24xf32, strided<[?, 1]>> to tensor<8x24xf32>
// CHECK:         linalg.generic {{.+}} ins(%[[IMAGE]] : tensor<8x24xf32>)
// CHECK:         tensor.insert_slice %{{.+}} into %{{.+}}[1, 3] [8, 24] [1, 1]
// CHECK-LABEL: func.func private @dense_nhwc_8x8x3_border1100_stride2_to_4x4x16(
// CHECK:         tensor.expand_shape {{.+}} : tensor<9x27xf32> into tensor<9x9x3xf32>
// CHECK:         linalg.generic {indexing_maps = [#[[$PIXEL_MAP]],

// -----

// Bytes become byte * scale + shift, before the border: a padding pixel is zero
// after normalization, which no byte is. With mean 1/2 and deviation 1/2 of all
// channels, scale = 1 / (255 * 0.5) = 0.00784313772 and shift = -1.
// CHECK-LABEL: func.func @bytes(
// CHECK-SAME:    %[[IMAGE:[^:]+]]: memref<8x12xi8>, %[[STRIDE:[^:]+]]: index, %{{[^:]+}}: memref<16xf32>)
func.func @bytes(%image: tensor<1x8x4x3xui8>) -> tensor<1x16xf32> {
  // CHECK-DAG: %[[SCALE:.+]] = arith.constant dense<{{\[?}}0.00784313772{{.*}}> : tensor<12xf32>
  // CHECK-DAG: %[[SHIFT:.+]] = arith.constant dense<{{\[?}}-1.000000e+00{{.*}}> : tensor<12xf32>
  // CHECK: %[[ROWS:.+]] = call @read_u8_nhwc_8x4x3_border1100(%[[IMAGE]], %[[STRIDE]], %[[SCALE]], %[[SHIFT]], %{{.+}}) : (memref<8x12xi8>, index, tensor<12xf32>, tensor<12xf32>, tensor<9x15xf32>) -> tensor<9x15xf32>
  // CHECK: call @dense_nhwc_8x4x3_border1100_stride2_to_4x2x16(%[[ROWS]], %{{.+}})
  %read = mobileone.read_image %image mean = [0.5, 0.5, 0.5] std = [0.5, 0.5, 0.5]
    : tensor<1x8x4x3xui8> -> tensor<1x3x8x4xf32>
  %0 = mobileone.block "stem" (%x = %read) : tensor<1x3x8x4xf32> -> tensor<1x16x4x2xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x4xf32> -> tensor<1x16x4x2xf32>
    mobileone.yield %conv : tensor<1x16x4x2xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x4x2xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}
// CHECK-LABEL: func.func private @read_u8_nhwc_8x4x3_border1100(
// CHECK:         bufferization.to_tensor %{{.+}} restrict : memref<8x12xi8, strided<[?, 1]>> to tensor<8x12xi8>
// Unsigned: 200 is 200 and not -56.
// CHECK:         arith.uitofp %{{.+}} : i8 to f32
// CHECK:         arith.mulf
// CHECK:         arith.addf
