// RUN: mobileone-opt %s --split-input-file --mobileone-reparameterize="require-all=false" | FileCheck %s

// scale = gamma / sqrt(variance + epsilon) = 6 / sqrt(4) = 3
// filter' = 2 * 3 = 6,  bias' = (1 - 5) * 3 + 7 = -5
// CHECK-LABEL: func.func @conv_then_norm
// CHECK-SAME:    (%[[X:.+]]: tensor<1x1x2x2xf32>)
func.func @conv_then_norm(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  // CHECK: %[[Y:.+]] = mobileone.conv %[[X]]
  // CHECK-SAME: filter = dense<6.000000e+00> : tensor<1x1x1x1xf32>
  // CHECK-SAME: bias = dense<-5.000000e+00> : tensor<1xf32>
  // CHECK-NOT: mobileone.batch_norm
  // CHECK: return %[[Y]]
  %0 = mobileone.conv %x filter = dense<2.0> : tensor<1x1x1x1xf32> bias = dense<1.0> : tensor<1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
  %1 = mobileone.batch_norm %0 gamma = dense<6.0> : tensor<1xf32> beta = dense<7.0> : tensor<1xf32>
    mean = dense<5.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
  return %1 : tensor<1x1x2x2xf32>
}

// -----

// Without a bias, bias' = (0 - mean) * scale + beta. Epsilon counts:
//   channel 0: scale = 6 / sqrt(3 + 1) = 3,  filter' = 3, 6,  bias' = -5 * 3 + 7 = -8
//   channel 1: scale = 8 / sqrt(15 + 1) = 2, filter' = 6, 8,  bias' = -1 * 2 + 0 = -2
// CHECK-LABEL: func.func @each_channel_has_its_scale
func.func @each_channel_has_its_scale(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  // CHECK: mobileone.conv
  // CHECK-SAME{LITERAL}: filter = dense<[[[[3.000000e+00]], [[6.000000e+00]]], [[[6.000000e+00]], [[8.000000e+00]]]]>
  // CHECK-SAME: bias = dense<[-8.000000e+00, -2.000000e+00]>
  // CHECK-NOT: mobileone.batch_norm
  %0 = mobileone.conv %x filter = dense<[[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]> : tensor<2x2x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x2x2xf32> -> tensor<1x2x2x2xf32>
  %1 = mobileone.batch_norm %0 gamma = dense<[6.0, 8.0]> : tensor<2xf32> beta = dense<[7.0, 0.0]> : tensor<2xf32>
    mean = dense<[5.0, 1.0]> : tensor<2xf32> variance = dense<[3.0, 15.0]> : tensor<2xf32> epsilon = 1.0 : tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// -----

// The convolution has a second user, so folding would change that user.
// CHECK-LABEL: func.func @shared_conv_stays
// CHECK:         mobileone.conv
// CHECK-SAME:      filter = dense<2.000000e+00>
// CHECK:         mobileone.batch_norm
func.func @shared_conv_stays(%x: tensor<1x1x2x2xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) {
  %0 = mobileone.conv %x filter = dense<2.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
  %1 = mobileone.batch_norm %0 gamma = dense<6.0> : tensor<1xf32> beta = dense<7.0> : tensor<1xf32>
    mean = dense<5.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
  return %0, %1 : tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>
}

// -----

// A norm of something else has no filter to scale.
// CHECK-LABEL: func.func @norm_of_activation_stays
// CHECK:         mobileone.activation relu
// CHECK:         mobileone.batch_norm
func.func @norm_of_activation_stays(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.activation relu %x : tensor<1x1x2x2xf32>
  %1 = mobileone.batch_norm %0 gamma = dense<6.0> : tensor<1xf32> beta = dense<7.0> : tensor<1xf32>
    mean = dense<5.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
  return %1 : tensor<1x1x2x2xf32>
}
