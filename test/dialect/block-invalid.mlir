// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

func.func @result_of_another_type(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op expects its region to yield the result's type 'tensor<1x2x2x2xf32>', but got 'tensor<1x1x2x2xf32>'}}
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x2x2x2xf32> {
    mobileone.yield %in : tensor<1x1x2x2xf32>
  }
  return
}

// -----

func.func @argument_of_another_type(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op expects one region argument of the input's type 'tensor<1x1x2x2xf32>'}}
  %0 = "mobileone.block"(%x) <{name = "stem"}> ({
  ^bb0(%in: tensor<1x2x2x2xf32>):
    mobileone.yield %in : tensor<1x2x2x2xf32>
  }) : (tensor<1x1x2x2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @two_arguments(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op expects one region argument of the input's type 'tensor<1x1x2x2xf32>'}}
  %0 = "mobileone.block"(%x) <{name = "stem"}> ({
  ^bb0(%in: tensor<1x1x2x2xf32>, %more: tensor<1x1x2x2xf32>):
    mobileone.yield %in : tensor<1x1x2x2xf32>
  }) : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  return
}

// -----

func.func @another_terminator(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op expects its region to end with mobileone.yield, but got ub.unreachable}}
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    ub.unreachable
  }
  return
}

// -----

func.func @empty_region(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op expects a non-empty block}}
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
  }
  return
}

// -----

func.func @no_region_block(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op region #0 ('body') failed to verify constraint: region with 1 blocks}}
  %0 = "mobileone.block"(%x) <{name = "stem"}> ({}) : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  return
}

// -----

func.func @two_region_blocks(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op expects region #0 to have 0 or 1 blocks}}
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    mobileone.yield %in : tensor<1x1x2x2xf32>
  ^bb1:
    mobileone.yield %in : tensor<1x1x2x2xf32>
  }
  return
}

// -----

func.func @value_from_outside(%x: tensor<1x1x2x2xf32>) {
  // expected-note @below {{required by region isolation constraints}}
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    // expected-error @below {{'mobileone.yield' op using value defined outside the region}}
    mobileone.yield %x : tensor<1x1x2x2xf32>
  }
  return
}

// -----

func.func @no_name(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{'mobileone.block' op requires attribute 'name'}}
  %0 = "mobileone.block"(%x) ({
  ^bb0(%in: tensor<1x1x2x2xf32>):
    mobileone.yield %in : tensor<1x1x2x2xf32>
  }) : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  return
}

// -----

func.func @name_is_no_string(%x: tensor<1x1x2x2xf32>) {
  // expected-error @below {{invalid kind of attribute specified}}
  %0 = mobileone.block 1 (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    mobileone.yield %in : tensor<1x1x2x2xf32>
  }
  return
}

// -----

func.func @dynamic_shape(%x: tensor<?x1x2x2xf32>) {
  // expected-error @below {{operand #0 must be 4D tensor of 32-bit float or 8-bit unsigned integer values with static, positive sizes and at most 2^31 elements, but got 'tensor<?x1x2x2xf32>'}}
  %0 = mobileone.block "stem" (%in = %x) : tensor<?x1x2x2xf32> -> tensor<?x1x2x2xf32> {
    mobileone.yield %in : tensor<?x1x2x2xf32>
  }
  return
}
