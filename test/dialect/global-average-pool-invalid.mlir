// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @result_of_another_shape(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{'mobileone.global_average_pool' op expects result type 'tensor<1x2xf32>', but got 'tensor<1x4xf32>'}}
  %y = mobileone.global_average_pool %x : tensor<1x2x4x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @dynamic_input(%x: tensor<1x2x?x4xf32>) {
  // expected-error @below {{operand #0 must be 4D tensor of 32-bit float values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x2x?x4xf32>'}}
  %y = mobileone.global_average_pool %x : tensor<1x2x?x4xf32> -> tensor<1x2xf32>
  return
}

// -----

func.func @dynamic_result(%x: tensor<1x2x4x4xf32>) {
  // expected-error @below {{result #0 must be 2D tensor of 32-bit float values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x?xf32>'}}
  %y = mobileone.global_average_pool %x : tensor<1x2x4x4xf32> -> tensor<1x?xf32>
  return
}
