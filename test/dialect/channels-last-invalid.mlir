// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @result_of_another_shape(%x: tensor<1x2x4x5xf32>) {
  // expected-error @below {{'mobileone.channels_last' op expects result type 'tensor<1x4x5x2xf32>', but got 'tensor<1x5x4x2xf32>'}}
  %y = mobileone.channels_last %x : tensor<1x2x4x5xf32> -> tensor<1x5x4x2xf32>
  return
}

// -----

// expected-error @below {{'func.func' op expects mobileone.name to be a string, but got 1 : i64}}
func.func @name_is_a_number(%x: tensor<1x2xf32>) -> (tensor<1x2xf32> {mobileone.name = 1}) {
  return %x : tensor<1x2xf32>
}
