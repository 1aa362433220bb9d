// A kernel's name says all that it computes, so that two kernels have two names.
// Where a function of the module has it, another one is found.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @average_32x32x16(
// CHECK:         call @average_32x32x16_0(
// CHECK:       func.func private @average_32x32x16_0(
func.func @average_32x32x16(%image: tensor<1x3x32x32xf32>) -> tensor<1x16xf32> {
  %s = mobileone.block "s" (%x = %image) : tensor<1x3x32x32xf32> -> tensor<1x16x32x32xf32> {
    %c = mobileone.conv %x filter = dense<0.125> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x32x32xf32> -> tensor<1x16x32x32xf32>
    mobileone.yield %c : tensor<1x16x32x32xf32>
  }
  %p = mobileone.global_average_pool %s : tensor<1x16x32x32xf32> -> tensor<1x16xf32>
  return %p : tensor<1x16xf32>
}

// -----

// Borders of 11, 1, 11, 1 and of 1, 11, 1, 11.
// CHECK-LABEL: func.func @wide_borders(
// CHECK:         call @dense_nchw_32x32x3_filter1x1_stride1_to_32x32x16_border11_1_11_1(
// CHECK:         call @depthwise_32x32x16_border11_1_11_1_filter23x3_stride1_to_32x32x16_border1_11_1_11(
// CHECK:         call @depthwise_32x32x16_border1_11_1_11_filter3x23_stride1_to_32x32x16(
func.func @wide_borders(%image: tensor<1x3x32x32xf32>) -> tensor<1x16xf32> {
  %s = mobileone.block "s" (%x = %image) : tensor<1x3x32x32xf32> -> tensor<1x16x32x32xf32> {
    %c = mobileone.conv %x filter = dense<0.125> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x32x32xf32> -> tensor<1x16x32x32xf32>
    mobileone.yield %c : tensor<1x16x32x32xf32>
  }
  %a = mobileone.block "a" (%x = %s) : tensor<1x16x32x32xf32> -> tensor<1x16x32x32xf32> {
    %c = mobileone.conv %x filter = dense<0.01> : tensor<16x1x23x3xf32> strides = [1, 1] padding = [11, 1] groups = 16 : tensor<1x16x32x32xf32> -> tensor<1x16x32x32xf32>
    mobileone.yield %c : tensor<1x16x32x32xf32>
  }
  %b = mobileone.block "b" (%x = %a) : tensor<1x16x32x32xf32> -> tensor<1x16x32x32xf32> {
    %c = mobileone.conv %x filter = dense<0.01> : tensor<16x1x3x23xf32> strides = [1, 1] padding = [1, 11] groups = 16 : tensor<1x16x32x32xf32> -> tensor<1x16x32x32xf32>
    mobileone.yield %c : tensor<1x16x32x32xf32>
  }
  %p = mobileone.global_average_pool %b : tensor<1x16x32x32xf32> -> tensor<1x16xf32>
  return %p : tensor<1x16xf32>
}

// -----

// Filters of 3x3 and 4x4 on the same image, to results of the same size.
// CHECK-LABEL: func.func @two_filters(
// CHECK:         call @depthwise_8x8x16_border1111_stride2_to_4x4x16(%{{.+}}, %{{.+}}) : (tensor<10x10x1x16xf32>, tensor<3x3x1x16xf32>
// CHECK:         call @depthwise_8x8x16_border1111_filter4x4_stride2_to_4x4x16(%{{.+}}, %{{.+}}) : (tensor<10x10x1x16xf32>, tensor<4x4x1x16xf32>
func.func @two_filters(%image: tensor<1x3x8x8xf32>) -> tensor<1x16xf32> {
  %s = mobileone.block "s" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %c = mobileone.conv %x filter = dense<0.125> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %c : tensor<1x16x8x8xf32>
  }
  %a = mobileone.block "a" (%x = %s) : tensor<1x16x8x8xf32> -> tensor<1x16x4x4xf32> {
    %c = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %c : tensor<1x16x4x4xf32>
  }
  %b = mobileone.block "b" (%x = %s) : tensor<1x16x8x8xf32> -> tensor<1x16x4x4xf32> {
    %c = mobileone.conv %x filter = dense<1.0> : tensor<16x1x4x4xf32> strides = [2, 2] padding = [1, 1] groups = 16 : tensor<1x16x8x8xf32> -> tensor<1x16x4x4xf32>
    mobileone.yield %c : tensor<1x16x4x4xf32>
  }
  %p = mobileone.global_average_pool %b : tensor<1x16x4x4xf32> -> tensor<1x16xf32>
  return %p : tensor<1x16xf32>
}

// -----

// CHECK-LABEL: func.func private @store_features_8x8x16(i32)
// CHECK:       func.func @features(
// CHECK:         call @store_features_8x8x16_{{[0-9]+}}(
func.func private @store_features_8x8x16(i32)
func.func @features(%image: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %s = mobileone.block "s" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %c = mobileone.conv %x filter = dense<0.125> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %c : tensor<1x16x8x8xf32>
  }
  return %s : tensor<1x16x8x8xf32>
}
