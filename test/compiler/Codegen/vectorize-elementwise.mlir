// An elementwise op over rows: the last vector of a row may overlap the one
// before it, so that no mask is needed.
// RUN: mobileone-opt %s --split-input-file --mobileone-vectorize-kernels --canonicalize | FileCheck %s

#identity = affine_map<(d0, d1) -> (d0, d1)>
// 20 columns are the vectors 0 to 15 and 4 to 19.
// CHECK-LABEL: func.func @overlap(
// CHECK-DAG:     %[[FOUR:.+]] = arith.constant 4 : index
// CHECK-NOT:     mask
// CHECK:         vector.transfer_read %{{.+}}[%{{.+}}, %[[FOUR]]]
// CHECK:         vector.transfer_write %{{.+}}[%{{.+}}, %[[FOUR]]] {in_bounds = [true]} : vector<16xf32>
func.func @overlap(%x: tensor<3x20xf32>, %result: tensor<3x20xf32>) -> tensor<3x20xf32> {
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x20xf32>) outs(%result : tensor<3x20xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes]>} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x20xf32>
  return %0 : tensor<3x20xf32>
}

// -----

// A fill of zeros, too.
// CHECK-LABEL: func.func @fill(
// CHECK-DAG:     %[[ZEROS:.+]] = arith.constant dense<0.000000e+00> : vector<16xf32>
// CHECK:         vector.transfer_write %[[ZEROS]]
// CHECK-NOT:     linalg.fill
func.func @fill(%result: tensor<3x32xf32>) -> tensor<3x32xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = linalg.fill {mobileone.schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes]>}
      ins(%zero : f32) outs(%result : tensor<3x32xf32>) -> tensor<3x32xf32>
  return %0 : tensor<3x32xf32>
}
