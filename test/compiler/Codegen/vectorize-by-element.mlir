// How products are made is the schedule's choice: from a scalar that is read and
// spread over all lanes, or from an element of a vector that holds a pixel's
// values for all unrolled steps.
// RUN: mobileone-opt %s --mobileone-vectorize-kernels --canonicalize --cse | FileCheck %s

#pixel = affine_map<(h, p, n, k) -> (h, k)>
#filter = affine_map<(h, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, p, n, k) -> (h, p, n)>

// CHECK-LABEL: func.func @scalars(
// CHECK-SAME:    %[[X:[^:]+]]: tensor<2x8xf32>
// CHECK:         scf.for
// CHECK-COUNT-4:   tensor.extract %[[X]]
// CHECK-NOT:     vector.extract
// CHECK:         return
func.func @scalars(%x: tensor<2x8xf32>, %w: tensor<1x8x16xf32>, %r: tensor<2x1x16xf32>) -> tensor<2x1x16xf32> {
  %0 = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<2x8xf32>, tensor<1x8x16xf32>) outs(%r : tensor<2x1x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [2], panels = 1, lanes = 16, depth = [2], order = [pixels0, panels, lanes]>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %out, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<2x1x16xf32>
  return %0 : tensor<2x1x16xf32>
}

// Two pixels are two vectors of two steps; each step of each pixel is one product.
// CHECK-LABEL: func.func @elements(
// CHECK-SAME:    %[[X:[^:]+]]: tensor<2x8xf32>
// CHECK:         scf.for %[[K:[^ ]+]] =
// CHECK:           %[[FIRST:.+]] = vector.transfer_read %[[X]][%c0, %[[K]]], {{.+}} vector<2xf32>
// CHECK:           vector.extract %[[FIRST]][0]
// CHECK:           %[[SECOND:.+]] = vector.transfer_read %[[X]][%c1, %[[K]]], {{.+}} vector<2xf32>
// CHECK:           vector.extract %[[SECOND]][0]
// CHECK:           vector.extract %[[FIRST]][1]
// CHECK:           vector.extract %[[SECOND]][1]
// CHECK-NOT:     tensor.extract
// CHECK:         return
func.func @elements(%x: tensor<2x8xf32>, %w: tensor<1x8x16xf32>, %r: tensor<2x1x16xf32>) -> tensor<2x1x16xf32> {
  %0 = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<2x8xf32>, tensor<1x8x16xf32>) outs(%r : tensor<2x1x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [2], panels = 1, lanes = 16, depth = [2], order = [pixels0, panels, lanes], by_element>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %out, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<2x1x16xf32>
  return %0 : tensor<2x1x16xf32>
}
