// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @result_of_another_shape(%x: tensor<1x4x4x2xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects result type 'tensor<1x2x4x4xf32>', but got 'tensor<1x4x4x2xf32>'}}
  %y = mobileone.read_image %x mean = [0.0, 0.0] std = [1.0, 1.0]
    : tensor<1x4x4x2xui8> -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @one_mean_for_two_channels(%x: tensor<1x4x4x2xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects 2 means and standard deviations (one per channel), but got 1 and 2}}
  %y = mobileone.read_image %x mean = [0.0] std = [1.0, 1.0]
    : tensor<1x4x4x2xui8> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @three_deviations_for_two_channels(%x: tensor<1x4x4x2xui8>) {
  // expected-error @below {{expects 2 means and standard deviations (one per channel), but got 2 and 3}}
  %y = mobileone.read_image %x mean = [0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x4x4x2xui8> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @mean_is_nan(%x: tensor<1x4x4x2xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects finite means, but got nan}}
  %y = mobileone.read_image %x mean = [0.0, 0x7FF8000000000000] std = [1.0, 1.0]
    : tensor<1x4x4x2xui8> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @deviation_of_zero(%x: tensor<1x4x4x2xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects finite standard deviations above 0, but got 0.0}}
  %y = mobileone.read_image %x mean = [0.0, 0.0] std = [1.0, 0.0]
    : tensor<1x4x4x2xui8> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @infinite_deviation(%x: tensor<1x4x4x2xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects finite standard deviations above 0, but got INF}}
  %y = mobileone.read_image %x mean = [0.0, 0.0] std = [1.0, 0x7FF0000000000000]
    : tensor<1x4x4x2xui8> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @floats_are_normalized_by_the_caller(%x: tensor<1x4x4x2xf32>) {
  // expected-error @below {{'mobileone.read_image' op expects mean 0 and std 1 for an image of floats, which the caller normalizes}}
  %y = mobileone.read_image %x mean = [0.0, 0.5] std = [1.0, 1.0]
    : tensor<1x4x4x2xf32> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @signed_bytes(%x: tensor<1x4x4x2xsi8>) {
  // expected-error @below {{operand #0 must be 4D tensor of 32-bit float or 8-bit unsigned integer values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x4x4x2xsi8>'}}
  %y = mobileone.read_image %x mean = [0.0, 0.0] std = [1.0, 1.0]
    : tensor<1x4x4x2xsi8> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @dynamic_image(%x: tensor<1x?x4x2xui8>) {
  // expected-error @below {{with static, positive sizes and at most 2^31 elements, but got 'tensor<1x?x4x2xui8>'}}
  %y = mobileone.read_image %x mean = [0.0, 0.0] std = [1.0, 1.0]
    : tensor<1x?x4x2xui8> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @no_alpha(%x: tensor<1x4x4x3xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects 4 elements per pixel in order bgra, but got 3}}
  %y = mobileone.read_image %x order = bgra mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x4x4x3xui8> -> tensor<1x3x4x4xf32>
  return
}

// -----

func.func @alpha_is_no_channel(%x: tensor<1x4x4x4xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects result type 'tensor<1x3x4x4xf32>', but got 'tensor<1x4x4x4xf32>'}}
  %y = mobileone.read_image %x order = rgba mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x4x4x4xui8> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @one_channel_has_no_order(%x: tensor<1x4x4x1xui8>) {
  // expected-error @below {{'mobileone.read_image' op expects 3 elements per pixel in order bgr, but got 1}}
  %y = mobileone.read_image %x order = bgr mean = [0.0] std = [1.0]
    : tensor<1x4x4x1xui8> -> tensor<1x1x4x4xf32>
  return
}

// -----

// A kernel multiplies by the inverse, in floats.
func.func @lost(%image: tensor<1x4x4x1xui8>) -> tensor<1x1x4x4xf32> {
  // expected-error @below {{expects a mean and a standard deviation in the range of floats, but got 0.000000e+00 and 1.000000e-60}}
  %0 = mobileone.read_image %image mean = [0.0] std = [1.0e-60] : tensor<1x4x4x1xui8> -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}

// -----

func.func @infinite(%image: tensor<1x4x4x1xui8>) -> tensor<1x1x4x4xf32> {
  // expected-error @below {{expects a mean and a standard deviation in the range of floats, but got 1.000000e+300 and 1.000000e+00}}
  %0 = mobileone.read_image %image mean = [1.0e300] std = [1.0] : tensor<1x4x4x1xui8> -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}
