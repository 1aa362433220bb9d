// A depthwise convolution reads zeros that its producer laid around the image, so
// that its loops need no conditions.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// Stride 1 wants one pixel on each side.
// CHECK-DAG: #[[$PIXEL_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 + d4, d1 + d5, d2, d3)>
// CHECK-DAG: #[[$FILTER_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5, d2, d3)>
// CHECK-LABEL: func.func @stride1(
func.func @stride1(%image: tensor<1x3x8x12xf32>) -> tensor<1x24xf32> {
  // CHECK: %[[STEM:.+]] = call @dense_nchw_8x12x3_border1100_stride2_to_4x6x24_border1111({{.+}}) : (tensor<3x9x13xf32>, tensor<2x3x3x3x16xf32>, tensor<2x16xf32>, tensor<6x8x2x16xf32>) -> tensor<6x8x2x16xf32>
  // CHECK: call @depthwise_4x6x24_border1111_stride1_to_4x6x24(%[[STEM]], %{{.+}}) : (tensor<6x8x2x16xf32>, tensor<3x3x2x16xf32>, tensor<2x16xf32>, tensor<4x6x2x16xf32>) -> tensor<4x6x2x16xf32>
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x12xf32> -> tensor<1x24x4x6xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<24x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x12xf32> -> tensor<1x24x4x6xf32>
    mobileone.yield %conv : tensor<1x24x4x6xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x24x4x6xf32> -> tensor<1x24x4x6xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<24x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 24 : tensor<1x24x4x6xf32> -> tensor<1x24x4x6xf32>
    mobileone.yield %conv : tensor<1x24x4x6xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x24x4x6xf32> -> tensor<1x24xf32>
  return %2 : tensor<1x24xf32>
}
// The producer writes zeros above, below, left and right, then the inside.
// CHECK-LABEL: func.func private @dense_nchw_8x12x3_border1100_stride2_to_4x6x24_border1111(
// CHECK-DAG:     tensor.insert_slice %{{.+}} into %{{.+}}[0, 0, 0, 0] [1, 8, 2, 16]
// CHECK-DAG:     tensor.insert_slice %{{.+}} into %{{.+}}[5, 0, 0, 0] [1, 8, 2, 16]
// CHECK-DAG:     tensor.insert_slice %{{.+}} into %{{.+}}[1, 0, 0, 0] [4, 1, 2, 16]
// CHECK-DAG:     tensor.insert_slice %{{.+}} into %{{.+}}[1, 7, 0, 0] [4, 1, 2, 16]
// CHECK:         tensor.insert_slice %{{.+}} into %{{.+}}[1, 1, 0, 0] [4, 6, 2, 16]
// CHECK-LABEL: func.func private @depthwise_4x6x24_border1111_stride1_to_4x6x24(
// CHECK:         linalg.generic {indexing_maps = [#[[$PIXEL_MAP]], #[[$FILTER_MAP]], #{{.+}}], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}

// -----

// Stride 2 over an even image reads nothing behind it.
// CHECK-DAG: #[[$PIXEL_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 2 + d4, d1 * 2 + d5, d2, d3)>
// CHECK-LABEL: func.func @stride2(
func.func @stride2(%image: tensor<1x3x4x6xf32>) -> tensor<1x16xf32> {
  // CHECK: call @depthwise_4x6x16_border1100_stride2_to_2x3x16({{.+}}) : (tensor<5x7x1x16xf32>,
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x4x6xf32> -> tensor<1x16x4x6xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x4x6xf32> -> tensor<1x16x4x6xf32>
    mobileone.yield %conv : tensor<1x16x4x6xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x4x6xf32> -> tensor<1x16x2x3xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x4x6xf32> -> tensor<1x16x2x3xf32>
    mobileone.yield %conv : tensor<1x16x2x3xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x16x2x3xf32> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}
// CHECK-LABEL: func.func private @depthwise_4x6x16_border1100_stride2_to_2x3x16(
// CHECK:         linalg.generic {indexing_maps = [#[[$PIXEL_MAP]],

// -----

// Stride 2 over 5 rows and 6 columns: one row behind the image, no column.
// CHECK-LABEL: func.func @stride2_odd_height(
func.func @stride2_odd_height(%image: tensor<1x3x5x6xf32>) -> tensor<1x16xf32> {
  // CHECK: call @depthwise_5x6x16_border1110_stride2_to_3x3x16({{.+}}) : (tensor<7x7x1x16xf32>,
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x5x6xf32> -> tensor<1x16x5x6xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x5x6xf32> -> tensor<1x16x5x6xf32>
    mobileone.yield %conv : tensor<1x16x5x6xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x5x6xf32> -> tensor<1x16x3x3xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x5x6xf32> -> tensor<1x16x3x3xf32>
    mobileone.yield %conv : tensor<1x16x3x3xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x16x3x3xf32> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

// -----

// The smallest image: one pixel, whose windows are eight parts border.
// CHECK-LABEL: func.func @one_pixel(
func.func @one_pixel(%image: tensor<1x3x1x1xf32>) -> tensor<1x16xf32> {
  // CHECK: call @depthwise_1x1x16_border1111_stride2_to_1x1x16({{.+}}) : (tensor<3x3x1x16xf32>,
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x1x1xf32> -> tensor<1x16x1x1xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x1x1xf32> -> tensor<1x16x1x1xf32>
    mobileone.yield %conv : tensor<1x16x1x1xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x16x1x1xf32> -> tensor<1x16x1x1xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x1x1xf32> -> tensor<1x16x1x1xf32>
    mobileone.yield %conv : tensor<1x16x1x1xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x16x1x1xf32> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

// -----

// 128 channels are 512 bytes: pixels at this distance lie in 8 of the 64 sets of a
// first-level cache. A gap of one panel behind each pixel spreads them over all.
// Nobody reads or writes it.
// CHECK-LABEL: func.func @few_sets(
func.func @few_sets(%image: tensor<1x3x4x4xf32>) -> tensor<1x128xf32> {
  // CHECK: call @depthwise_4x4x128_border1111_gap1_stride1_to_4x4x128_gap1({{.+}}) : (tensor<6x6x9x16xf32>, tensor<3x3x8x16xf32>, tensor<8x16xf32>, tensor<4x4x9x16xf32>)
  // CHECK: call @pointwise_4x4x128_gap1_to_4x4x128_gap1({{.+}}) : (tensor<4x4x9x16xf32>, tensor<8x128x16xf32>, tensor<8x16xf32>, tensor<4x4x9x16xf32>)
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x4x4xf32> -> tensor<1x128x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<128x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x4x4xf32> -> tensor<1x128x4x4xf32>
    mobileone.yield %conv : tensor<1x128x4x4xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x128x4x4xf32> -> tensor<1x128x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<128x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 128 : tensor<1x128x4x4xf32> -> tensor<1x128x4x4xf32>
    mobileone.yield %conv : tensor<1x128x4x4xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %1) : tensor<1x128x4x4xf32> -> tensor<1x128x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<128x128x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x128x4x4xf32> -> tensor<1x128x4x4xf32>
    mobileone.yield %conv : tensor<1x128x4x4xf32>
  }
  %3 = mobileone.global_average_pool %2 : tensor<1x128x4x4xf32> -> tensor<1x128xf32>
  return %3 : tensor<1x128xf32>
}
// CHECK-LABEL: func.func private @depthwise_4x4x128_border1111_gap1_stride1_to_4x4x128_gap1(
// CHECK:         tensor.extract_slice %{{.+}}[0, 0, 0, 0] [6, 6, 8, 16] [1, 1, 1, 1] : tensor<6x6x9x16xf32>
// CHECK:         tensor.insert_slice %{{.+}} into %{{.+}}[0, 0, 0, 0] [4, 4, 8, 16] [1, 1, 1, 1] : tensor<4x4x8x16xf32> into tensor<4x4x9x16xf32>
// CHECK-LABEL: func.func private @pointwise_4x4x128_gap1_to_4x4x128_gap1(
// CHECK:         tensor.extract_slice %{{.+}}[0, 0, 0, 0] [4, 4, 8, 16] [1, 1, 1, 1] : tensor<4x4x9x16xf32>

// -----

// Larger windows, with or without a dilation, are the same loops with other maps.
// CHECK-DAG: #[[$DILATED_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 + d4 * 2, d1 + d5 * 2, d2, d3)>
// CHECK-DAG: #[[$STRIDED_MAP:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 2 + d4, d1 * 2 + d5, d2, d3)>
// CHECK-LABEL: func.func @windows(
func.func @windows(%image: tensor<1x3x8x12xf32>) -> tensor<1x16x4x6xf32> {
  // CHECK: call @depthwise_8x12x16_border2222_dilation2_stride1_to_8x12x16_border3322({{.+}}) : (tensor<12x16x1x16xf32>, tensor<3x3x1x16xf32>, tensor<1x16xf32>, tensor<13x17x1x16xf32>) -> tensor<13x17x1x16xf32>
  // CHECK: call @depthwise_8x12x16_border3322_filter7x7_stride2_to_4x6x16({{.+}}) : (tensor<13x17x1x16xf32>, tensor<7x7x1x16xf32>, tensor<1x16xf32>, tensor<4x6x1x16xf32>) -> tensor<4x6x1x16xf32>
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x12xf32> -> tensor<1x16x8x12xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x12xf32> -> tensor<1x16x8x12xf32>
    mobileone.yield %conv : tensor<1x16x8x12xf32>
  }
  %1 = mobileone.block "dilated" (%x = %0) : tensor<1x16x8x12xf32> -> tensor<1x16x8x12xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [1, 1] padding = [2, 2] dilations = [2, 2] groups = 16 : tensor<1x16x8x12xf32> -> tensor<1x16x8x12xf32>
    mobileone.yield %conv : tensor<1x16x8x12xf32>
  }
  %2 = mobileone.block "large" (%x = %1) : tensor<1x16x8x12xf32> -> tensor<1x16x4x6xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x7x7xf32>
      strides = [2, 2] padding = [3, 3] groups = 16 : tensor<1x16x8x12xf32> -> tensor<1x16x4x6xf32>
    mobileone.yield %conv : tensor<1x16x4x6xf32>
  }
  return %2 : tensor<1x16x4x6xf32>
}
// CHECK-LABEL: func.func private @depthwise_8x12x16_border2222_dilation2_stride1_to_8x12x16_border3322(
// CHECK:         linalg.generic {indexing_maps = [#[[$DILATED_MAP]],
// CHECK-LABEL: func.func private @depthwise_8x12x16_border3322_filter7x7_stride2_to_4x6x16(
// CHECK:         linalg.generic {indexing_maps = [#[[$STRIDED_MAP]],
