// The sum of branches, equation 7 of docs/Reparameterization.md.
// RUN: mobileone-opt %s --split-input-file --mobileone-reparameterize="require-all=false" | FileCheck %s

// filter' = 1 + 10 + 100, bias' = 2 + 0 + 20: no bias counts as zero.
// CHECK-LABEL: func.func @three_branches
// CHECK-SAME:    (%[[X:.+]]: tensor<1x1x4x4xf32>)
func.func @three_branches(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x2xf32> {
  // CHECK-NEXT: %[[Y:.+]] = mobileone.conv %[[X]]
  // CHECK-SAME: filter = dense<1.110000e+02> : tensor<1x1x3x3xf32>
  // CHECK-SAME: bias = dense<2.200000e+01> : tensor<1xf32>
  // CHECK-SAME: strides = [2, 2] padding = [1, 1] groups = 1
  // CHECK-NEXT: return %[[Y]]
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32> bias = dense<2.0> : tensor<1xf32>
    strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x2x2xf32>
  %1 = mobileone.conv %x filter = dense<10.0> : tensor<1x1x3x3xf32>
    strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x2x2xf32>
  %2 = mobileone.conv %x filter = dense<100.0> : tensor<1x1x3x3xf32> bias = dense<20.0> : tensor<1xf32>
    strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x2x2xf32>
  %3 = mobileone.add %0, %1, %2 : tensor<1x1x2x2xf32>
  return %3 : tensor<1x1x2x2xf32>
}

// -----

// Operands are added from left to right, whatever the order of the ops: in f64
// (1 + 2^60) - 2^60 = 2^60 - 2^60 = 0, but (2^60 - 2^60) + 1 = 1.
// CHECK-LABEL: func.func @operand_order
func.func @operand_order(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  // CHECK: filter = dense<0.000000e+00> : tensor<1x1x1x1xf32>
  %0 = mobileone.conv %x filter = dense<0x5D800000> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<0xDD800000> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %2 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %3 = mobileone.add %2, %0, %1 : tensor<1x1x4x4xf32>
  return %3 : tensor<1x1x4x4xf32>
}

// -----

// One of the branches is no convolution.
// CHECK-LABEL: func.func @other_operand_stays
// CHECK:         mobileone.add
func.func @other_operand_stays(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.add %0, %x : tensor<1x1x4x4xf32>
  return %1 : tensor<1x1x4x4xf32>
}

// -----

// One convolution that is added twice has two uses.
// CHECK-LABEL: func.func @conv_added_twice_stays
// CHECK:         mobileone.add
func.func @conv_added_twice_stays(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.add %0, %0 : tensor<1x1x4x4xf32>
  return %1 : tensor<1x1x4x4xf32>
}

// -----

// CHECK-LABEL: func.func @other_groups_stay
// CHECK:         mobileone.add
func.func @other_groups_stay(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<2x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<2x2x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %2 = mobileone.add %0, %1 : tensor<1x2x4x4xf32>
  return %2 : tensor<1x2x4x4xf32>
}

// -----

// The taps read other pixels.
// CHECK-LABEL: func.func @other_dilations_stay
// CHECK:         mobileone.add
func.func @other_dilations_stay(%x: tensor<1x1x6x6xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [3, 3] padding = [1, 1] groups = 1 : tensor<1x1x6x6xf32> -> tensor<1x1x2x2xf32>
  %1 = mobileone.conv %x filter = dense<3.0> : tensor<1x1x3x3xf32>
    strides = [3, 3] padding = [1, 1] dilations = [2, 2] groups = 1 : tensor<1x1x6x6xf32> -> tensor<1x1x2x2xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x2x2xf32>
  return %2 : tensor<1x1x2x2xf32>
}

// -----

// Of one tap, dilation says nothing: in both dimensions, or in one.
// CHECK-LABEL: func.func @one_tap_is_not_dilated
// CHECK:         mobileone.conv %{{.+}} filter = dense<4.000000e+00> : tensor<1x1x3x1xf32>
// CHECK-NOT:     mobileone.add
func.func @one_tap_is_not_dilated(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x1xf32>
    strides = [1, 1] padding = [1, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<3.0> : tensor<1x1x3x1xf32>
    strides = [1, 1] padding = [1, 0] dilations = [1, 2] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}
