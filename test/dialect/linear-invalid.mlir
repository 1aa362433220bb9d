// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @another_number_of_rows(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mobileone.linear' op expects as many result rows as input rows (2), but got 1}}
  %y = mobileone.linear "head" %x weight = dense<1.0> : tensor<5x3xf32> bias = dense<0.0> : tensor<5xf32>
    : tensor<2x3xf32> -> tensor<1x5xf32>
  return
}

// -----

func.func @weight_of_another_shape(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mobileone.linear' op expects a weight of 5x3 (outputs x inputs), but got 3x5}}
  %y = mobileone.linear "head" %x weight = dense<1.0> : tensor<3x5xf32> bias = dense<0.0> : tensor<5xf32>
    : tensor<2x3xf32> -> tensor<2x5xf32>
  return
}

// -----

func.func @bias_of_another_length(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mobileone.linear' op expects a bias of 5 (one per output), but got 3}}
  %y = mobileone.linear "head" %x weight = dense<1.0> : tensor<5x3xf32> bias = dense<0.0> : tensor<3xf32>
    : tensor<2x3xf32> -> tensor<2x5xf32>
  return
}

// -----

func.func @dynamic_batch(%x: tensor<?x3xf32>) {
  // expected-error @below {{operand #0 must be 2D tensor of 32-bit float or 32-bit signless integer values with static, positive sizes and at most 2^31 elements, but got 'tensor<?x3xf32>'}}
  %y = mobileone.linear "head" %x weight = dense<1.0> : tensor<5x3xf32> bias = dense<0.0> : tensor<5xf32>
    : tensor<?x3xf32> -> tensor<?x5xf32>
  return
}

// -----

func.func @input_is_no_matrix(%x: tensor<2x3x1x1xf32>) {
  // expected-error @below {{operand #0 must be 2D tensor of 32-bit float or 32-bit signless integer values}}
  %y = mobileone.linear "head" %x weight = dense<1.0> : tensor<5x3xf32> bias = dense<0.0> : tensor<5xf32>
    : tensor<2x3x1x1xf32> -> tensor<2x5xf32>
  return
}
