// The scale branch, equation 6 of docs/Reparameterization.md. The other filter
// is zero, so that the sum shows where the 1x1 filter went.
// RUN: mobileone-opt %s --split-input-file --mobileone-reparameterize="require-all=false" | FileCheck %s

// CHECK-LABEL: func.func @depthwise_to_the_centre
func.func @depthwise_to_the_centre(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK: mobileone.conv
  // CHECK-SAME{LITERAL}: filter = dense<[[[[0.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 3.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00]]], [[[0.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 2.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00]]]]>
  // CHECK-SAME: bias = dense<[5.000000e+00, 7.000000e+00]>
  // CHECK-SAME: strides = [1, 1] padding = [1, 1] groups = 2
  // CHECK-NEXT: return
  %0 = mobileone.conv %x filter = dense<0.0> : tensor<2x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %1 = mobileone.conv %x filter = dense<[[[[3.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32> bias = dense<[5.0, 7.0]> : tensor<2xf32>
    strides = [1, 1] padding = [0, 0] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %2 = mobileone.add %0, %1 : tensor<1x2x4x4xf32>
  return %2 : tensor<1x2x4x4xf32>
}

// -----

// The stem: a dense filter, strides 2. The 1x1 filter comes first.
// CHECK-LABEL: func.func @dense_with_strides
func.func @dense_with_strides(%x: tensor<1x2x4x4xf32>) -> tensor<1x1x2x2xf32> {
  // CHECK: mobileone.conv
  // CHECK-SAME{LITERAL}: filter = dense<[[[[0.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 3.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00]], [[0.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 2.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00]]]]>
  // CHECK-SAME: strides = [2, 2] padding = [1, 1] groups = 1
  // CHECK-NEXT: return
  %0 = mobileone.conv %x filter = dense<[[[[3.0]], [[2.0]]]]> : tensor<1x2x1x1xf32>
    strides = [2, 2] padding = [0, 0] groups = 1 : tensor<1x2x4x4xf32> -> tensor<1x1x2x2xf32>
  %1 = mobileone.conv %x filter = dense<0.0> : tensor<1x2x3x3xf32>
    strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x2x4x4xf32> -> tensor<1x1x2x2xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x2x2xf32>
  return %2 : tensor<1x1x2x2xf32>
}

// -----

// The place is given by the padding, 2 and 0, not by the middle of the filter:
// output row y reads rows 3 y - 2, 3 y - 1 and 3 y.
// CHECK-LABEL: func.func @off_the_centre
func.func @off_the_centre(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x4xf32> {
  // CHECK: mobileone.conv
  // CHECK-SAME{LITERAL}: filter = dense<[[[[0.000000e+00], [0.000000e+00], [3.000000e+00]]]]>
  // CHECK-SAME: strides = [3, 1] padding = [2, 0]
  // CHECK-NEXT: return
  %0 = mobileone.conv %x filter = dense<0.0> : tensor<1x1x3x1xf32>
    strides = [3, 1] padding = [2, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x2x4xf32>
  %1 = mobileone.conv %x filter = dense<3.0> : tensor<1x1x1x1xf32>
    strides = [3, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x2x4xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x2x4xf32>
  return %2 : tensor<1x1x2x4xf32>
}

// -----

// With other strides the filters read other pixels (not so in a 1x1 image, but
// the rule does not look at sizes).
// CHECK-LABEL: func.func @other_strides_stay
// CHECK:         mobileone.add
func.func @other_strides_stay(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  %1 = mobileone.conv %x filter = dense<3.0> : tensor<1x1x1x1xf32>
    strides = [2, 2] padding = [0, 0] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// -----

// The 1x1 convolution has a second user, which would see the wide filter.
// CHECK-LABEL: func.func @shared_conv_stays
// CHECK:         filter = dense<3.000000e+00> : tensor<1x1x1x1xf32>
// CHECK:         mobileone.add
func.func @shared_conv_stays(%x: tensor<1x1x4x4xf32>) -> (tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>) {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<3.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %1, %2 : tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>
}

// -----

// With a dilation of 2 and a padding of 4, tap 2 of 5 reads the pixel itself: the
// centre again.
// CHECK-LABEL: func.func @dilated
func.func @dilated(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  // CHECK: mobileone.conv
  // CHECK-SAME{LITERAL}: filter = dense<[[[[0.000000e+00], [0.000000e+00], [3.000000e+00], [0.000000e+00], [0.000000e+00]]]]>
  // CHECK-SAME: strides = [1, 1] padding = [4, 0] dilations = [2, 1] groups = 1
  // CHECK-NEXT: return
  %0 = mobileone.conv %x filter = dense<0.0> : tensor<1x1x5x1xf32>
    strides = [1, 1] padding = [4, 0] dilations = [2, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<3.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}

// -----

// Two taps, two pixels apart, around the pixel: none of them reads it.
// CHECK-LABEL: func.func @between_two_taps_stays
// CHECK:         filter = dense<3.000000e+00> : tensor<1x1x1x1xf32>
// CHECK:         mobileone.add
func.func @between_two_taps_stays(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x2x1xf32>
    strides = [1, 1] padding = [1, 0] dilations = [2, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<3.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}
