// A chain has one reduction, whose sums what follows takes as `outs`. Sums that
// are an input, or that another reduction goes on with, are a chain of their own:
// each chain's schedule says how the depth of one reduction is cut.
// RUN: mobileone-opt %s --mobileone-schedule-kernels --mobileone-vectorize-kernels --canonicalize | FileCheck %s

#row = affine_map<(d0, d1) -> (d1, d0)>
#sum = affine_map<(d0, d1) -> (d0)>
#lane = affine_map<(d0) -> (d0)>

// CHECK-LABEL: func.func private @input(
// CHECK-SAME:    %[[X:[^:]+]]: tensor<8x16xf32>
// CHECK:         %[[SUM:.+]] = scf.for %{{.+}} = %c0 to %c8 step %c4
// CHECK-COUNT-4:   vector.transfer_read %[[X]]
// CHECK:         %[[TWICE:.+]] = arith.addf %[[SUM]], %[[SUM]]
// CHECK:         vector.transfer_write %[[TWICE]]
func.func private @input(%x: tensor<8x16xf32>, %a: tensor<16xf32>, %r: tensor<16xf32>) -> tensor<16xf32> {
  %0 = linalg.generic {indexing_maps = [#row, #sum], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x16xf32>) outs(%a : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %out, %in : f32
    linalg.yield %1 : f32
  } -> tensor<16xf32>
  %2 = linalg.generic {indexing_maps = [#lane, #lane], iterator_types = ["parallel"]}
      ins(%0 : tensor<16xf32>) outs(%r : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %in, %in : f32
    linalg.yield %1 : f32
  } -> tensor<16xf32>
  return %2 : tensor<16xf32>
}

// Eight rows by four, then 15 by three.
// CHECK-LABEL: func.func private @two(
// CHECK-SAME:    %[[X:[^:]+]]: tensor<8x16xf32>, %[[Y:[^:]+]]: tensor<15x16xf32>
// CHECK:         %[[SUM:.+]] = scf.for %{{.+}} = %c0 to %c8 step %c4
// CHECK-COUNT-4:   vector.transfer_read %[[X]]
// CHECK:         scf.for %{{.+}} = %c0 to %c15 step %c3 iter_args(%{{.+}} = %[[SUM]])
// CHECK-COUNT-3:   vector.transfer_read %[[Y]]
func.func private @two(%x: tensor<8x16xf32>, %y: tensor<15x16xf32>, %a: tensor<16xf32>) -> tensor<16xf32> {
  %0 = linalg.generic {indexing_maps = [#row, #sum], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x16xf32>) outs(%a : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %out, %in : f32
    linalg.yield %1 : f32
  } -> tensor<16xf32>
  %2 = linalg.generic {indexing_maps = [#row, #sum], iterator_types = ["parallel", "reduction"]}
      ins(%y : tensor<15x16xf32>) outs(%0 : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %out, %in : f32
    linalg.yield %1 : f32
  } -> tensor<16xf32>
  return %2 : tensor<16xf32>
}
