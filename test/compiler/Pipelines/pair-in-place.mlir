// A pair of blocks in bands works in place down to the arena: one buffer for its
// input and its result, one for the rows in between, and no copies.
// RUN: mobileone-opt %s --mobileone-plan-pipeline --mobileone-linalg-pipeline --mobileone-codegen-pipeline=print-memory-plan=1 -o %t 2> %t.plan
// RUN: FileCheck %s < %t
// RUN: FileCheck %s --check-prefix=PLAN < %t.plan

// CHECK-LABEL: func.func private @pair_57x56x48_border2111_to_48_relu_to_57x56x48_border1121_rows2(
// CHECK-NOT:     memref.{{alloc|copy}}
// CHECK:         scf.for
// CHECK-NOT:     memref.{{alloc|copy}}
// CHECK-LABEL: func.func private

// PLAN:     memref<60x58x3x16xf32>
// PLAN-NOT: memref<60x58x3x16xf32>
// PLAN:     memref<2x56x3x16xf32>
// PLAN-NOT: memref<60x58x3x16xf32>

func.func @pair(%image: tensor<1x3x114x112xf32>) -> tensor<1x48xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %1 = mobileone.block "stage1.2" (%x = %0) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x48x57x56xf32>
    mobileone.yield %act : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %3 = mobileone.block "stage2.0" (%x = %2) : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32>
    mobileone.yield %conv : tensor<1x48x29x28xf32>
  }
  %mean = mobileone.global_average_pool %3 : tensor<1x48x29x28xf32> -> tensor<1x48xf32>
  return %mean : tensor<1x48xf32>
}
