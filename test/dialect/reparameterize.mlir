// The whole pass on whole blocks; once more it changes nothing.
// RUN: mobileone-opt %s --mobileone-reparameterize | FileCheck %s --implicit-check-not=batch_norm --implicit-check-not=f64 --implicit-check-not=folding
// RUN: mobileone-opt %s --mobileone-reparameterize > %t.once
// RUN: mobileone-opt %t.once --mobileone-reparameterize > %t.twice
// RUN: cmp %t.once %t.twice

// Each norm has gamma = 2, beta = 1, mean = 3, variance = 4, so scale = 1 and
// the bias of its branch is -3 * 1 + 1 = -2.
//   filter, centre: 1 + 10 (scale branch) + 1 (identity) = 12, else 1
//   bias: 3 * -2 = -6
// Squeeze-and-excitation and activation stay behind the sum.
// CHECK-LABEL: func.func @all_branches
func.func @all_branches(%image: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  // CHECK: mobileone.block "stage1.0" (%[[X:.+]] = %{{.+}})
  %0 = mobileone.block "stage1.0" (%x = %image) : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32> {
    // CHECK-NEXT: %[[CONV:.+]] = mobileone.conv %[[X]]
    // CHECK-SAME{LITERAL}: filter = dense<[[[[1.000000e+00, 1.000000e+00, 1.000000e+00], [1.000000e+00, 1.200000e+01, 1.000000e+00], [1.000000e+00, 1.000000e+00, 1.000000e+00]]]]>
    // CHECK-SAME: bias = dense<-6.000000e+00> : tensor<1xf32>
    // CHECK-NEXT: %[[SE:.+]] = mobileone.squeeze_excite %[[CONV]]
    // CHECK-NEXT: %[[ACT:.+]] = mobileone.activation relu %[[SE]]
    // CHECK-NEXT: mobileone.yield %[[ACT]]
    %skip = mobileone.batch_norm %x gamma = dense<2.0> : tensor<1xf32> beta = dense<1.0> : tensor<1xf32>
      mean = dense<3.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x4x4xf32>
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
    %convNorm = mobileone.batch_norm %conv gamma = dense<2.0> : tensor<1xf32> beta = dense<1.0> : tensor<1xf32>
      mean = dense<3.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x4x4xf32>
    %scale = mobileone.conv %x filter = dense<10.0> : tensor<1x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
    %scaleNorm = mobileone.batch_norm %scale gamma = dense<2.0> : tensor<1xf32> beta = dense<1.0> : tensor<1xf32>
      mean = dense<3.0> : tensor<1xf32> variance = dense<4.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x4x4xf32>
    %sum = mobileone.add %skip, %convNorm, %scaleNorm : tensor<1x1x4x4xf32>
    %se = mobileone.squeeze_excite %sum reduce = dense<1.0> : tensor<1x1xf32>, dense<0.0> : tensor<1xf32>
      expand = dense<1.0> : tensor<1x1xf32>, dense<0.0> : tensor<1xf32> : tensor<1x1x4x4xf32>
    %act = mobileone.activation relu %se : tensor<1x1x4x4xf32>
    mobileone.yield %act : tensor<1x1x4x4xf32>
  }
  return %0 : tensor<1x1x4x4xf32>
}

// Fused weights are named after their block. 65 channels are too many for
// `dense`.
// CHECK-LABEL: func.func @names
func.func @names(%image: tensor<1x65x2x2xf32>) -> tensor<1x65x2x2xf32> {
  // CHECK: filter = dense_resource<stage2.4.filter> : tensor<65x1x1x1xf32>
  // CHECK-SAME: bias = dense_resource<stage2.4.bias> : tensor<65xf32>
  %0 = mobileone.block "stage2.4" (%x = %image) : tensor<1x65x2x2xf32> -> tensor<1x65x2x2xf32> {
    %conv = mobileone.conv %x filter = dense<2.0> : tensor<65x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 65 : tensor<1x65x2x2xf32> -> tensor<1x65x2x2xf32>
    %norm = mobileone.batch_norm %conv gamma = dense<2.0> : tensor<65xf32> beta = dense<1.0> : tensor<65xf32>
      mean = dense<3.0> : tensor<65xf32> variance = dense<4.0> : tensor<65xf32> epsilon = 0.0 : tensor<1x65x2x2xf32>
    %skip = mobileone.batch_norm %x gamma = dense<2.0> : tensor<65xf32> beta = dense<1.0> : tensor<65xf32>
      mean = dense<3.0> : tensor<65xf32> variance = dense<4.0> : tensor<65xf32> epsilon = 0.0 : tensor<1x65x2x2xf32>
    %sum = mobileone.add %norm, %skip : tensor<1x65x2x2xf32>
    mobileone.yield %sum : tensor<1x65x2x2xf32>
  }
  return %0 : tensor<1x65x2x2xf32>
}

// A convolution that had neither norm nor bias gets a bias of zero.
// CHECK-LABEL: func.func @every_block_has_a_bias
func.func @every_block_has_a_bias(%image: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  // CHECK: filter = dense<2.000000e+00> : tensor<1x1x1x1xf32>
  // CHECK-SAME: bias = dense<0.000000e+00> : tensor<1xf32>
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    %conv = mobileone.conv %x filter = dense<2.0> : tensor<1x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
    mobileone.yield %conv : tensor<1x1x2x2xf32>
  }
  return %0 : tensor<1x1x2x2xf32>
}

// The fused filter of @names holds 2 + 1 = 3, its bias -2 + -2 = -4.
// CHECK: stage2.4.filter: "0x04000000{{((00004040){65})}}"
// CHECK: stage2.4.bias: "0x04000000{{((000080C0){65})}}"
