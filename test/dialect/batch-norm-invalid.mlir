// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @gamma_of_another_length(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op expects a gamma of 2 (one per channel), but got 3}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<3xf32> beta = dense<1.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @beta_of_another_length(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op expects a beta of 2 (one per channel), but got 3}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<3xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @mean_of_another_length(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op expects a mean of 2 (one per channel), but got 3}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<3xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @variance_of_another_length(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op expects a variance of 2 (one per channel), but got 3}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<3xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @negative_epsilon(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op expects a finite epsilon of at least 0, but got -1.0}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = -1.0 : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @nan_epsilon(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{expects a finite epsilon of at least 0, but got nan}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0x7FF8000000000000 : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @infinite_epsilon(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{expects a finite epsilon of at least 0, but got INF}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0x7FF0000000000000 : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @epsilon_in_single_precision(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{attribute 'epsilon' failed to satisfy constraint: 64-bit float attribute}}
  %y = "mobileone.batch_norm"(%x) <{
    gamma = dense<1.0> : tensor<2xf32>, beta = dense<1.0> : tensor<2xf32>, mean = dense<1.0> : tensor<2xf32>,
    variance = dense<1.0> : tensor<2xf32>, epsilon = 1.0 : f32
  }> : (tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @result_of_another_type(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op failed to verify that all of {input, output} have same type}}
  %y = "mobileone.batch_norm"(%x) <{
    gamma = dense<1.0> : tensor<2xf32>, beta = dense<1.0> : tensor<2xf32>, mean = dense<1.0> : tensor<2xf32>,
    variance = dense<1.0> : tensor<2xf32>, epsilon = 1.0 : f64
  }> : (tensor<1x2x4x4xf32>) -> tensor<1x2x4x5xf32>
  return
}

// -----

func.func @dynamic_channels(%x: tensor<1x?x4x4xf32>) {
  // expected-error @below {{operand #0 must be 4D tensor of 32-bit float values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x?x4x4xf32>'}}
  %y = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<1.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<1.0> : tensor<2xf32> epsilon = 0.0 : tensor<1x?x4x4xf32>
  return
}

// -----

func.func @negative_variance(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op expects variances of at least 0, and above 0 with the epsilon, but got -2.500000e-01 at channel 1}}
  %0 = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<0.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<[1.0, -0.25]> : tensor<2xf32> epsilon = 1.0e-5 : tensor<1x2x4x4xf32>
  return
}

// -----

// The square root of zero would be divided by.
func.func @no_deviation(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.batch_norm' op expects variances of at least 0, and above 0 with the epsilon, but got 0.000000e+00 at channel 0}}
  %0 = mobileone.batch_norm %x gamma = dense<1.0> : tensor<2xf32> beta = dense<0.0> : tensor<2xf32>
    mean = dense<1.0> : tensor<2xf32> variance = dense<[0.0, 1.0]> : tensor<2xf32> epsilon = 0.0 : tensor<1x2x4x4xf32>
  return
}
