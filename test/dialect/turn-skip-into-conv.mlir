// The identity branch, equation 5 of docs/Reparameterization.md.
// RUN: mobileone-opt %s --split-input-file --mobileone-reparameterize="require-all=false" | FileCheck %s

// One filter per channel, as in the convolution beside it. Its 3x3 filter of
// zeros leaves the identity: per channel, with scale = gamma / sqrt(variance),
//   scale = 6 / 2 = 3, bias = -5 * 3 + 7 = -8
//   scale = 8 / 4 = 2, bias = -1 * 2 + 1 = -1
// CHECK-LABEL: func.func @depthwise
func.func @depthwise(%image: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK: mobileone.block "stage1.2" (%[[X:.+]] = %{{.+}})
  %0 = mobileone.block "stage1.2" (%x = %image) : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
    // CHECK-NEXT: mobileone.conv %[[X]]
    // CHECK-SAME{LITERAL}: filter = dense<[[[[0.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 3.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00]]], [[[0.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 2.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00]]]]>
    // CHECK-SAME: bias = dense<[-8.000000e+00, -1.000000e+00]>
    // CHECK-SAME: strides = [1, 1] padding = [1, 1] groups = 2
    // CHECK-NEXT: mobileone.yield
    %conv = mobileone.conv %x filter = dense<0.0> : tensor<2x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    %skip = mobileone.batch_norm %x gamma = dense<[6.0, 8.0]> : tensor<2xf32> beta = dense<[7.0, 1.0]> : tensor<2xf32>
      mean = dense<[5.0, 1.0]> : tensor<2xf32> variance = dense<[4.0, 16.0]> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
    %sum = mobileone.add %conv, %skip : tensor<1x2x4x4xf32>
    mobileone.yield %sum : tensor<1x2x4x4xf32>
  }
  return %0 : tensor<1x2x4x4xf32>
}

// -----

// In one group the identity is a diagonal matrix: filter' = 1 + diag(3, 2).
// CHECK-LABEL: func.func @dense
func.func @dense(%image: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %0 = mobileone.block "stage1.3" (%x = %image) : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
    // CHECK: mobileone.conv
    // CHECK-SAME{LITERAL}: filter = dense<[[[[4.000000e+00]], [[1.000000e+00]]], [[[1.000000e+00]], [[3.000000e+00]]]]>
    // CHECK-SAME: bias = dense<[-8.000000e+00, -1.000000e+00]>
    // CHECK-SAME: padding = [0, 0] groups = 1
    // CHECK-NEXT: mobileone.yield
    %skip = mobileone.batch_norm %x gamma = dense<[6.0, 8.0]> : tensor<2xf32> beta = dense<[7.0, 1.0]> : tensor<2xf32>
      mean = dense<[5.0, 1.0]> : tensor<2xf32> variance = dense<[4.0, 16.0]> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<2x2x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    %sum = mobileone.add %skip, %conv : tensor<1x2x4x4xf32>
    mobileone.yield %sum : tensor<1x2x4x4xf32>
  }
  return %0 : tensor<1x2x4x4xf32>
}

// -----

// Two groups of two: output o picks input o mod 2 of its group.
// CHECK-LABEL: func.func @grouped
func.func @grouped(%image: tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %0 = mobileone.block "stage1.3" (%x = %image) : tensor<1x4x4x4xf32> -> tensor<1x4x4x4xf32> {
    // CHECK: mobileone.conv
    // CHECK-SAME{LITERAL}: filter = dense<[[[[1.000000e+00]], [[0.000000e+00]]], [[[0.000000e+00]], [[1.000000e+00]]], [[[1.000000e+00]], [[0.000000e+00]]], [[[0.000000e+00]], [[1.000000e+00]]]]> : tensor<4x2x1x1xf32>
    // CHECK-SAME: groups = 2
    %conv = mobileone.conv %x filter = dense<0.0> : tensor<4x2x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 2 : tensor<1x4x4x4xf32> -> tensor<1x4x4x4xf32>
    %skip = mobileone.batch_norm %x gamma = dense<1.0> : tensor<4xf32> beta = dense<0.0> : tensor<4xf32>
      mean = dense<0.0> : tensor<4xf32> variance = dense<1.0> : tensor<4xf32> epsilon = 0.0 : tensor<1x4x4x4xf32>
    %sum = mobileone.add %conv, %skip : tensor<1x4x4x4xf32>
    mobileone.yield %sum : tensor<1x4x4x4xf32>
  }
  return %0 : tensor<1x4x4x4xf32>
}

// -----

// Without a convolution beside it, a depthwise one is the cheapest.
// CHECK-LABEL: func.func @alone
func.func @alone(%image: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %0 = mobileone.block "stage1.3" (%x = %image) : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
    // CHECK: mobileone.conv
    // CHECK-SAME{LITERAL}: filter = dense<[[[[3.000000e+00]]], [[[2.000000e+00]]]]>
    // CHECK-SAME: groups = 2
    // CHECK-NEXT: mobileone.yield
    %skip = mobileone.batch_norm %x gamma = dense<[6.0, 8.0]> : tensor<2xf32> beta = dense<[7.0, 1.0]> : tensor<2xf32>
      mean = dense<[5.0, 1.0]> : tensor<2xf32> variance = dense<[4.0, 16.0]> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
    mobileone.yield %skip : tensor<1x2x4x4xf32>
  }
  return %0 : tensor<1x2x4x4xf32>
}

// -----

// Outside of a block there is no identity branch, only a norm of something.
// CHECK-LABEL: func.func @norm_of_function_argument_stays
// CHECK-NEXT:    mobileone.batch_norm
func.func @norm_of_function_argument_stays(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %0 = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<0.0> : tensor<2xf32>
    mean = dense<0.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
  return %0 : tensor<1x2x4x4xf32>
}
