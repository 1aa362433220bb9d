// What is no quantized layer is refused where it stands.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @integers_by_floats(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.conv' op expects an input of integers for weights of i8, but got f32}}
  %c = mobileone.conv %x filter = dense<1> : tensor<1x2x1x1xi8> strides = [1, 1] padding = [0, 0] groups = 1
    : tensor<1x2x4x4xf32> -> tensor<1x1x4x4xi32>
  return
}

// -----

func.func @wide_weights(%x: tensor<1x2x4x4xui8>) {
  // expected-error @below {{'mobileone.conv' op expects weights of f32, f64 or i8, but got i32}}
  %c = mobileone.conv %x filter = dense<1> : tensor<1x2x1x1xi32> strides = [1, 1] padding = [0, 0] groups = 1
    : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xi32>
  return
}

// -----

func.func @bias_of_floats(%x: tensor<1x2x4x4xui8>) {
  // expected-error @below {{'mobileone.conv' op expects a bias of i32 beside weights of 'i8', but got 'f32'}}
  %c = mobileone.conv %x filter = dense<1> : tensor<1x2x1x1xi8> bias = dense<1.0> : tensor<1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xi32>
  return
}

// -----

func.func @bias_of_integers(%x: tensor<1x2x4x4xui8>) {
  // expected-error @below {{'mobileone.conv' op expects a bias of f32 or f64 beside weights of 'f32', but got 'i32'}}
  %c = mobileone.conv %x filter = dense<1.0> : tensor<1x2x1x1xf32> bias = dense<1> : tensor<1xi32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xf32>
  return
}

// -----

func.func @result_of_floats(%x: tensor<1x2x4x4xui8>) {
  // expected-error @below {{'mobileone.conv' op expects a result of i32 by weights of 'i8', but got 'f32'}}
  %c = mobileone.conv %x filter = dense<1> : tensor<1x2x1x1xi8> strides = [1, 1] padding = [0, 0] groups = 1
    : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xf32>
  return
}

// -----

// 2^31 - 1 is the most: 255 * 127 * 2 + |bias|.
func.func @largest_sum(%x: tensor<1x2x4x4xui8>) -> tensor<1x1x4x4xui8> {
  %y = mobileone.block "stage1.1" (%a = %x) : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xui8> {
    %c = mobileone.conv %a filter = dense<127> : tensor<1x2x1x1xi8> bias = dense<2147418877> : tensor<1xi32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xi32>
    %q = mobileone.quantize %c factor = dense<0.125> : tensor<1xf32> : tensor<1x1x4x4xi32> -> tensor<1x1x4x4xui8>
    mobileone.yield %q : tensor<1x1x4x4xui8>
  }
  return %y : tensor<1x1x4x4xui8>
}

// -----

func.func @sum_too_large(%x: tensor<1x2x4x4xui8>) {
  // expected-error @below {{'mobileone.conv' op expects sums in the range of i32, but output 0 may reach}}
  %c = mobileone.conv %x filter = dense<127> : tensor<1x2x1x1xi8> bias = dense<-2147418878> : tensor<1xi32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xi32>
  return
}

// -----

func.func @factor_of_zero(%x: tensor<1x2x4x4xi32>) {
  // expected-error @below {{'mobileone.quantize' op expects finite factors above 0, but got 0.000000e+00 at channel 1}}
  %q = mobileone.quantize %x factor = dense<[1.0, 0.0]> : tensor<2xf32> : tensor<1x2x4x4xi32> -> tensor<1x2x4x4xui8>
  return
}

// -----

func.func @one_factor_too_few(%x: tensor<1x2x4x4xi32>) {
  // expected-error @below {{'mobileone.dequantize' op expects a factor of 2 (one per channel), but got 1}}
  %d = mobileone.dequantize %x factor = dense<1.0> : tensor<1xf32> : tensor<1x2x4x4xi32> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @another_shape(%x: tensor<1x2x4x4xi32>) {
  // expected-error @below {{'mobileone.quantize' op expects result type 'tensor<1x2x4x4xui8>', but got 'tensor<1x2x4x5xui8>'}}
  %q = mobileone.quantize %x factor = dense<1.0> : tensor<2xf32> : tensor<1x2x4x4xi32> -> tensor<1x2x4x5xui8>
  return
}

// -----

func.func @too_many_pixels(%x: tensor<1x2x3x43xui8>) {
  // expected-error @below {{'mobileone.global_sum_pool' op expects at most 128 pixels, but got 129}}
  %p = mobileone.global_sum_pool %x : tensor<1x2x3x43xui8> -> tensor<1x2xi32>
  return
}

// -----

func.func @sums_from_elsewhere(%x: tensor<1x2xi32>) {
  // expected-error @below {{'mobileone.linear' op expects sums of a global_sum_pool for weights of i8}}
  %l = mobileone.linear "head" %x weight = dense<1> : tensor<3x2xi8> bias = dense<0> : tensor<3xi32> : tensor<1x2xi32> -> tensor<1x3xi32>
  return
}

// -----

func.func @sums_by_floats(%x: tensor<1x2x4x4xui8>) {
  %p = mobileone.global_sum_pool %x : tensor<1x2x4x4xui8> -> tensor<1x2xi32>
  // expected-error @below {{'mobileone.linear' op expects weights of i8 for an input of i32}}
  %l = mobileone.linear "head" %p weight = dense<1.0> : tensor<3x2xf32> bias = dense<0.0> : tensor<3xf32> : tensor<1x2xi32> -> tensor<1x3xf32>
  return
}
