// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @groups_do_not_divide_the_outputs(%x: tensor<1x6x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects output channels that 4 groups divide, but got 6}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<6x3x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 4 : tensor<1x6x8x8xf32> -> tensor<1x6x8x8xf32>
  return
}

// -----

func.func @groups_do_not_cover_the_input(%x: tensor<1x6x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects 12 input channels (4 groups of 3), but got 6}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<4x3x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 4 : tensor<1x6x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @no_overflow_in_the_channel_count(%x: tensor<1x6x8x8xf32>) {
  // expected-error @below {{expects output channels that 9223372036854775807 groups divide, but got 4}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<4x3x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 9223372036854775807 : tensor<1x6x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @whole_window_in_the_padding(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects a padding smaller than the filter (3), but got 4611686018427387904}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 4611686018427387904] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @filter_larger_than_the_input(%x: tensor<1x1x8x2xf32>) {
  // expected-error @below {{'mobileone.conv' op expects a padded input as large as the filter (5), but got 4}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x5xf32>
    strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x1x8x2xf32> -> tensor<1x1x8x1xf32>
  return
}

// -----

// (8 + 2 * 1 - 3) / 2 + 1 = 4
func.func @result_of_another_shape(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects result type 'tensor<1x1x4x4xf32>', but got 'tensor<1x1x4x5xf32>'}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x4x5xf32>
  return
}

// -----

func.func @bias_of_another_length(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects a bias of 2 (one per output channel), but got 3}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<2x1x1x1xf32> bias = dense<1.0> : tensor<3xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x2x8x8xf32>
  return
}

// -----

func.func @one_stride(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'strides' failed to satisfy constraint: i64 dense array attribute with exactly 2 elements whose value is positive}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @zero_stride(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'strides' failed to satisfy constraint}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 0] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @three_paddings(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'padding' failed to satisfy constraint: i64 dense array attribute with exactly 2 elements whose value is non-negative}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @negative_padding(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'padding' failed to satisfy constraint}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, -1] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @no_group(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'groups' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 0 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @dynamic_input(%x: tensor<1x1x?x8xf32>) {
  // expected-error @below {{operand #0 must be 4D tensor of 32-bit float or 8-bit unsigned integer values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x1x?x8xf32>'}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x?x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @dynamic_result(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{result #0 must be 4D tensor of 32-bit float or 32-bit signless integer values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x?x8x8xf32>'}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x?x8x8xf32>
  return
}

// -----

func.func @zero_dilation(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'dilations' failed to satisfy constraint: i64 dense array attribute with exactly 2 elements whose value is positive}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] dilations = [1, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

// (3 - 1) * 2 + 1 = 5
func.func @padding_as_large_as_the_dilated_filter(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects a padding smaller than the dilated filter (5), but got 5}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [4, 5] dilations = [2, 2] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x12x14xf32>
  return
}

// -----

func.func @dilated_filter_larger_than_the_input(%x: tensor<1x1x4x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects a padded input as large as the dilated filter (7), but got 6}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] dilations = [3, 3] groups = 1 : tensor<1x1x4x8xf32> -> tensor<1x1x1x4xf32>
  return
}

// -----

func.func @no_overflow_of_the_dilated_filter(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects a filter with its dilation of at most 2^31 pixels, but got 3 taps with a dilation of 4611686018427387904}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] dilations = [4611686018427387904, 1] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

// (8 + 2 * 1 - 5) / 1 + 1 = 6
func.func @dilation_changes_the_shape(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op expects result type 'tensor<1x1x6x8xf32>', but got 'tensor<1x1x8x8xf32>'}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] dilations = [2, 1] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}
