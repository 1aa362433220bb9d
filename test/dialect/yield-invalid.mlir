// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @yield_outside_of_a_block(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.yield' op expects parent op 'mobileone.block'}}
  mobileone.yield %x : tensor<1x1x2x2xf32>
}

// -----

func.func @yield_of_a_matrix(%x: tensor<1x1x2x2xf32>) {
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    %1 = mobileone.global_average_pool %in : tensor<1x1x2x2xf32> -> tensor<1x1xf32>
    // expected-error @below {{'mobileone.yield' op operand #0 must be 4D tensor of 32-bit float or 8-bit unsigned integer values with static, positive sizes and at most 2^31 elements, but got 'tensor<1x1xf32>'}}
    mobileone.yield %1 : tensor<1x1xf32>
  }
  return
}
