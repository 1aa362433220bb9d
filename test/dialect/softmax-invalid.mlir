// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @result_of_another_type(%x: tensor<1x3xf32>) {
  // expected-error @below {{'mobileone.softmax' op requires the same type for all operands and results}}
  %y = "mobileone.softmax"(%x) : (tensor<1x3xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @dynamic_classes(%x: tensor<1x?xf32>) {
  // expected-error @below {{operand #0 must be 2D tensor of 32-bit float values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x?xf32>'}}
  %y = mobileone.softmax %x : tensor<1x?xf32>
  return
}
