// RUN: mobileone-opt %s --canonicalize="test-convergence" | FileCheck %s

// CHECK-LABEL: func.func @block_that_yields_its_input
// CHECK-SAME:    (%[[X:.+]]: tensor<1x1x2x2xf32>)
// CHECK-NEXT:    return %[[X]]
func.func @block_that_yields_its_input(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    mobileone.yield %in : tensor<1x1x2x2xf32>
  }
  return %0 : tensor<1x1x2x2xf32>
}

// CHECK-LABEL: func.func @sum_of_one_branch
// CHECK-SAME:    (%[[X:.+]]: tensor<1x1x2x2xf32>)
// CHECK-NEXT:    return %[[X]]
func.func @sum_of_one_branch(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.add %x : tensor<1x1x2x2xf32>
  return %0 : tensor<1x1x2x2xf32>
}

// CHECK-LABEL: func.func @relu_of_relu
// CHECK-SAME:    (%[[X:.+]]: tensor<1x1x2x2xf32>)
// CHECK-NEXT:    %[[Y:.+]] = mobileone.activation relu %[[X]]
// CHECK-NEXT:    return %[[Y]]
func.func @relu_of_relu(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.activation relu %x : tensor<1x1x2x2xf32>
  %1 = mobileone.activation relu %0 : tensor<1x1x2x2xf32>
  return %1 : tensor<1x1x2x2xf32>
}

// Of no other activation the second one does nothing.
// CHECK-LABEL: func.func @other_activations_stay
// CHECK-NEXT:    activation hardswish
// CHECK-NEXT:    activation hardswish
// CHECK-NEXT:    activation relu
// CHECK-NEXT:    activation gelu
// CHECK-NEXT:    return
func.func @other_activations_stay(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.activation hardswish %x : tensor<1x1x2x2xf32>
  %1 = mobileone.activation hardswish %0 : tensor<1x1x2x2xf32>
  %2 = mobileone.activation relu %1 : tensor<1x1x2x2xf32>
  %3 = mobileone.activation gelu %2 : tensor<1x1x2x2xf32>
  return %3 : tensor<1x1x2x2xf32>
}

// The ops have no side effects: an unused one goes.
// CHECK-LABEL: func.func @unused_block
// CHECK-NEXT:    return
func.func @unused_block(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    %1 = mobileone.activation relu %in : tensor<1x1x2x2xf32>
    mobileone.yield %1 : tensor<1x1x2x2xf32>
  }
  return %x : tensor<1x1x2x2xf32>
}

// A sum of equal branches is no sum of one, and a block that computes stays.
// CHECK-LABEL: func.func @computing_ops_stay
// CHECK:         mobileone.block
// CHECK:         mobileone.add
func.func @computing_ops_stay(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32> {
    %1 = mobileone.add %in, %in : tensor<1x1x2x2xf32>
    mobileone.yield %1 : tensor<1x1x2x2xf32>
  }
  return %0 : tensor<1x1x2x2xf32>
}
