// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @no_branch() {
  // expected-error @below {{'mobileone.add' op expected 1 or more operands, but found 0}}
  %y = "mobileone.add"() : () -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @branches_of_other_types(%x: tensor<1x2x4x4xf32>, %z: tensor<1x2x4x1xf32>) {
  // expected-error @below {{'mobileone.add' op requires the same type for all operands and results}}
  %y = "mobileone.add"(%x, %z) : (tensor<1x2x4x4xf32>, tensor<1x2x4x1xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @dynamic_shape(%x: tensor<?x2x4x4xf32>) {
  // expected-error @below {{operand #0 must be variadic of 4D tensor of 32-bit float values with static, positive sizes and at most 2^31 elements, but got 'tensor<?x2x4x4xf32>'}}
  %y = mobileone.add %x, %x : tensor<?x2x4x4xf32>
  return
}
