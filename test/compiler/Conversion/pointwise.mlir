// A pointwise convolution is a matrix product over panels of 16 channels.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-DAG: #[[$PIXEL_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4)>
// CHECK-DAG: #[[$FILTER_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d2, d4, d3)>
// CHECK-LABEL: func.func @whole_panels(
func.func @whole_panels(%image: tensor<1x3x8x8xf32>) -> tensor<1x32xf32> {
  // CHECK: %[[STEM:.+]] = call @dense
  // CHECK: %[[FILTER:.+]] = arith.constant dense{{.*}} : tensor<2x16x16xf32>
  // CHECK: %[[BUFFER:.+]] = bufferization.alloc_tensor() : tensor<4x4x2x16xf32>
  // CHECK: call @pointwise_4x4x16_to_4x4x32_relu(%[[STEM]], %[[FILTER]], %{{.+}}, %[[BUFFER]]) : (tensor<4x4x1x16xf32>, tensor<2x16x16xf32>, tensor<2x16xf32>, tensor<4x4x2x16xf32>) -> tensor<4x4x2x16xf32>
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %1 = mobileone.block "stage1.1" (%x = %0) : tensor<1x16x4x4xf32> -> tensor<1x32x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<32x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x4x4xf32> -> tensor<1x32x4x4xf32>
    %act = mobileone.activation relu %conv : tensor<1x32x4x4xf32>
    mobileone.yield %act : tensor<1x32x4x4xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x32x4x4xf32> -> tensor<1x32xf32>
  return %2 : tensor<1x32xf32>
}
// CHECK-LABEL: func.func private @pointwise_4x4x16_to_4x4x32_relu(
// CHECK-SAME:    %[[X:[^:]+]]: tensor<4x4x1x16xf32>
// CHECK:         %[[PIXELS:.+]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3]] : tensor<4x4x1x16xf32> into tensor<4x4x16xf32>
// CHECK:         linalg.generic {indexing_maps = [#[[$PIXEL_MAP]], #[[$FILTER_MAP]], #{{.+}}], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%[[PIXELS]],
// A NaN is not greater than zero, and so passes as in PyTorch.
// CHECK:         ^bb0(%[[SUM:[^ :,]+]]: f32):
// CHECK:           %[[ZERO:.+]] = arith.constant 0.000000e+00 : f32
// CHECK:           %[[NEGATIVE:.+]] = arith.cmpf ogt, %[[ZERO]], %[[SUM]] : f32
// CHECK:           arith.select %[[NEGATIVE]], %[[ZERO]], %[[SUM]] : f32

// -----

// 24 channels are two panels, of which the last 8 lanes are zero: in the weights,
// so that what lies in these lanes of the image counts for nothing.
// CHECK-LABEL: func.func @padded_panels(
func.func @padded_panels(%image: tensor<1x3x8x8xf32>) -> tensor<1x40xf32> {
  // CHECK: call @pointwise_4x4x24_to_4x4x40({{.+}}) : (tensor<4x4x2x16xf32>, tensor<3x32x16xf32>, tensor<3x16xf32>, tensor<4x4x3x16xf32>) -> tensor<4x4x3x16xf32>
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x24x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<24x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x24x4x4xf32>
    mobileone.yield %conv : tensor<1x24x4x4xf32>
  }
  %1 = mobileone.block "stage1.1" (%x = %0) : tensor<1x24x4x4xf32> -> tensor<1x40x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<40x24x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x24x4x4xf32> -> tensor<1x40x4x4xf32>
    mobileone.yield %conv : tensor<1x40x4x4xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x40x4x4xf32> -> tensor<1x40xf32>
  return %2 : tensor<1x40xf32>
}

// -----

// A pointwise result that a depthwise block reads gets that block's border, and
// an input with a border (here because of the second reader) is read inside it.
// CHECK-LABEL: func.func @borders(
func.func @borders(%image: tensor<1x3x8x8xf32>) -> tensor<1x16xf32> {
  // CHECK: call @pointwise_4x4x16_border1111_to_4x4x16_border1111_relu(
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 16 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %0) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    %act = mobileone.activation relu %conv : tensor<1x16x4x4xf32>
    mobileone.yield %act : tensor<1x16x4x4xf32>
  }
  %3 = mobileone.block "stage1.2" (%x = %2) : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 16 : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %conv : tensor<1x16x4x4xf32>
  }
  %4 = mobileone.global_average_pool %3 : tensor<1x16x4x4xf32> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}
// CHECK-LABEL: func.func private @pointwise_4x4x16_border1111_to_4x4x16_border1111_relu(
// CHECK:         tensor.extract_slice %{{.+}}[1, 1, 0, 0] [4, 4, 1, 16] [1, 1, 1, 1] : tensor<6x6x1x16xf32> to tensor<4x4x1x16xf32>
