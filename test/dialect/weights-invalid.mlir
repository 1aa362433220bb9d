// What weights of any op must be, with the filter of a convolution for all.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @elided_resource(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{'mobileone.conv' op attribute 'filter' failed to satisfy constraint: filter OIHW (f32, f64, or of a quantized layer i8 or i32, of rank 4, static, positive sizes, at most 2^26 elements, data at hand)}}
  %y = mobileone.conv %x filter = dense_resource<__elided__> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @resource_too_short(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'filter' failed to satisfy constraint}}
  %y = mobileone.conv %x filter = dense_resource<short> : tensor<1x1x1x2xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x7xf32>
  return
}

{-#
  dialect_resources: {
    builtin: {
      short: "0x040000000000803F"
    }
  }
#-}

// -----

func.func @half_precision(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'filter' failed to satisfy constraint}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf16>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @another_rank(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'bias' failed to satisfy constraint: one number per output channel (f32, f64, or of a quantized layer i8 or i32, of rank 1, static, positive sizes, at most 2^26 elements, data at hand)}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32> bias = dense<1.0> : tensor<1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @no_output_channel(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'filter' failed to satisfy constraint}}
  %y = mobileone.conv %x filter = dense<> : tensor<0x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

// A splat needs no memory, so it can claim more elements than 2^63.
func.func @more_elements_than_memory(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'filter' failed to satisfy constraint}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<4611686018427387904x1x4x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

func.func @sparse(%x: tensor<1x1x8x8xf32>) {
  // expected-error @below {{attribute 'filter' failed to satisfy constraint}}
  %y = mobileone.conv %x filter = sparse<[[0, 0, 0, 0]], [1.0]> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  return
}

// -----

// A splat is small in a file, but not in memory.
func.func @huge(%x: tensor<1x8192x8x8xf32>) {
  // expected-error @below {{attribute 'filter' failed to satisfy constraint: filter OIHW (f32, f64, or of a quantized layer i8 or i32, of rank 4, static, positive sizes, at most 2^26 elements, data at hand)}}
  %y = mobileone.conv %x filter = dense<1.0> : tensor<16384x8192x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1
    : tensor<1x8192x8x8xf32> -> tensor<1x16384x8x8xf32>
  return
}
