// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @result_of_another_type(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.activation' op requires the same type for all operands and results}}
  %y = "mobileone.activation"(%x) <{kind = 0 : i32}> : (tensor<1x2x4x4xf32>) -> tensor<1x2x4x5xf32>
  return
}

// -----

// Also of the other ops: these stand for them all.
func.func @dynamic_shape(%x: tensor<1x2x?x4xf32>) {
  // expected-error @below {{'mobileone.activation' op operand #0 must be 4D tensor of 32-bit float values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x2x?x4xf32>'}}
  %y = mobileone.activation relu %x : tensor<1x2x?x4xf32>
  return
}

// -----

func.func @empty_image(%x: tensor<1x2x0x4xf32>) {
  // expected-error @below {{with static, positive sizes and at most 2^31 elements, but got 'tensor<1x2x0x4xf32>'}}
  %y = mobileone.activation relu %x : tensor<1x2x0x4xf32>
  return
}

// -----

func.func @more_elements_than_memory(%x: tensor<1x4294967296x4294967296x4xf32>) {
  // expected-error @below {{with static, positive sizes and at most 2^31 elements, but got 'tensor<1x4294967296x4294967296x4xf32>'}}
  %y = mobileone.activation relu %x : tensor<1x4294967296x4294967296x4xf32>
  return
}

// -----

func.func @another_rank(%x: tensor<2x4x4xf32>) {
  // expected-error @below {{must be 4D tensor of 32-bit float values}}
  %y = mobileone.activation relu %x : tensor<2x4x4xf32>
  return
}

// -----

func.func @unranked(%x: tensor<*xf32>) {
  // expected-error @below {{invalid kind of type specified: expected builtin.tensor, but found 'tensor<*xf32>'}}
  %y = mobileone.activation relu %x : tensor<*xf32>
  return
}

// -----

func.func @another_element_type(%x: tensor<1x2x4x4xf16>) {
  // expected-error @below {{must be 4D tensor of 32-bit float values}}
  %y = mobileone.activation relu %x : tensor<1x2x4x4xf16>
  return
}

// -----

func.func @encoded_layout(%x: tensor<1x2x4x4xf32, "blocked">) {
  // expected-error @below {{with static, positive sizes and at most 2^31 elements, but got 'tensor<1x2x4x4xf32, "blocked">'}}
  %y = mobileone.activation relu %x : tensor<1x2x4x4xf32, "blocked">
  return
}

// -----

func.func @unknown_kind(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{expected string or keyword containing one of the following enum values for attribute 'kind' [relu, gelu, hardswish, silu]}}
  %y = mobileone.activation tanh %x : tensor<1x2x4x4xf32>
  return
}

// -----

func.func @kind_out_of_range(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{invalid properties {kind = 4 : i32} for op mobileone.activation: Invalid attribute `kind` in property conversion: 4 : i32}}
  %y = "mobileone.activation"(%x) <{kind = 4 : i32}> : (tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  return
}
