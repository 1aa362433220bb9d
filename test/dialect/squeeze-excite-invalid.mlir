// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @reduce_filter_of_another_shape(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.squeeze_excite' op expects a reduce filter of 1x2 (one row per reduce bias, one column per channel), but got 1x3}}
  %y = mobileone.squeeze_excite %x reduce = dense<1.0> : tensor<1x3xf32>, dense<0.0> : tensor<1xf32>
    expand = dense<1.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @expand_filter_of_another_shape(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.squeeze_excite' op expects an expand filter of 2x1 (one row per channel, one column per reduce bias), but got 1x2}}
  %y = mobileone.squeeze_excite %x reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
    expand = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<2xf32> : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @expand_bias_of_another_length(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.squeeze_excite' op expects an expand bias of 2 (one per channel), but got 1}}
  %y = mobileone.squeeze_excite %x reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
    expand = dense<1.0> : tensor<2x1xf32>, dense<0.0> : tensor<1xf32> : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @reduce_filter_is_no_matrix(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{attribute 'reduce_filter' failed to satisfy constraint: matrix of weights (f32 or f64 of rank 2, static, positive sizes, at most 2^26 elements, data at hand)}}
  %y = mobileone.squeeze_excite %x reduce = dense<1.0> : tensor<1x2x1x1xf32>, dense<0.0> : tensor<1xf32>
    expand = dense<1.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @result_of_another_type(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.squeeze_excite' op failed to verify that all of {input, output} have same type}}
  %y = "mobileone.squeeze_excite"(%x) <{
    reduce_filter = dense<1.0> : tensor<1x2xf32>, reduce_bias = dense<0.0> : tensor<1xf32>,
    expand_filter = dense<1.0> : tensor<2x1xf32>, expand_bias = dense<0.0> : tensor<2xf32>
  }> : (tensor<1x2x4x4xf32>) -> tensor<1x2x4x5xf32>
  return
}

// -----

func.func @dynamic_channels(%x: tensor<1x?x4x4xf32>) {
  // expected-error @below {{operand #0 must be 4D tensor of 32-bit float values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x?x4x4xf32>'}}
  %y = mobileone.squeeze_excite %x reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
    expand = dense<1.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> : tensor<1x?x4x4xf32>
  return
}

// -----

func.func @unknown_gate(%x: tensor<1x2x4x4xf32>) {
  %y = mobileone.squeeze_excite %x reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
    // expected-error @below {{expected string or keyword containing one of the following enum values for attribute 'gate' [sigmoid, hardsigmoid]}}
    expand = dense<1.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> gate = tanh : tensor<1x2x4x4xf32>
  return
}
