// Bias, product and activation become one loop over the input channels, whose
// sums stay in registers from the bias to the store.
// RUN: mobileone-opt %s --mobileone-vectorize-kernels --canonicalize --cse > %t
// RUN: FileCheck %s < %t
// RUN: FileCheck %s --check-prefix=WHOLE < %t

#identity = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#bias = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
#pixel = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4)>
#filter = affine_map<(d0, d1, d2, d3, d4) -> (d2, d4, d3)>
#sum = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>

// Never a mask, never a vector that may reach out of bounds, nothing scalar but
// the elements of the image that are spread over the lanes.
// WHOLE-NOT: mask
// WHOLE-NOT: in_bounds = [false]
// WHOLE-NOT: linalg.
// WHOLE-NOT: tensor.insert %

// 13 columns in tiles of 7 at most are 7 and 6, not 7, 5 and 1: no remainder is
// small.
// CHECK-LABEL: func.func @pointwise(
// CHECK-SAME:    %[[X:[^:]+]]: tensor<1x13x64xf32>, %[[FILTER:[^:]+]]: tensor<1x64x16xf32>, %[[BIAS_ARG:[^:]+]]: tensor<1x16xf32>
// CHECK:         %[[BIAS:.+]] = vector.transfer_read %[[BIAS_ARG]][{{.+}}], %{{.+}} {in_bounds = [true]} : tensor<1x16xf32>, vector<16xf32>
// CHECK:         %[[SUMS:[^:]+]]:7 = scf.for %[[K:.+]] = {{.+}} iter_args(%{{[^ ]+}} = %[[BIAS]],{{.+}}) -> (vector<16xf32>,
// CHECK-DAG:       %[[ELEMENT:.+]] = tensor.extract %[[X]][{{.+}}, %[[K]]]
// CHECK-DAG:       vector.broadcast %[[ELEMENT]] : f32 to vector<16xf32>
// CHECK-DAG:       vector.transfer_read %[[FILTER]][{{.+}}, %[[K]], {{.+}}]{{.*}} vector<16xf32>
// CHECK-NOT:       vector.transfer_write
// CHECK:           scf.yield
// CHECK:         %[[IS_NEGATIVE:.+]] = arith.cmpf ogt, %[[ZERO:.+]], %[[SUMS]]#0 : vector<16xf32>
// CHECK:         %[[STORED:.+]] = arith.select %[[IS_NEGATIVE]], %[[ZERO]], %[[SUMS]]#0
// CHECK-COUNT-7: vector.transfer_write %{{.+}} {in_bounds = [true]} : vector<16xf32>
// CHECK:         %{{.+}}:6 = scf.for {{.+}} iter_args(
// CHECK-NOT:       vector.transfer_write
// CHECK:           scf.yield
// CHECK-COUNT-6: vector.transfer_write %{{.+}} {in_bounds = [true]} : vector<16xf32>
// CHECK-NOT:     scf.for
// CHECK:         return
func.func @pointwise(%x: tensor<1x13x64xf32>, %filter: tensor<1x64x16xf32>, %bias: tensor<1x16xf32>,
                     %result: tensor<1x13x1x16xf32>) -> tensor<1x13x1x16xf32> {
  %start = linalg.generic {indexing_maps = [#bias, #identity],
                           iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<1x16xf32>) outs(%result : tensor<1x13x1x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<1x13x1x16xf32>
  %sums = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<1x13x64xf32>, tensor<1x64x16xf32>) outs(%start : tensor<1x13x1x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %next = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %next : f32
  } -> tensor<1x13x1x16xf32>
  %act = linalg.generic {indexing_maps = [#identity],
                         iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      outs(%sums : tensor<1x13x1x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 7], panels = 1, lanes = 16, depth = [4], order = [pixels0, pixels1, panels, lanes]>} {
  ^bb0(%out: f32):
    %zero = arith.constant 0.0 : f32
    %is_negative = arith.cmpf ogt, %zero, %out : f32
    %relu = arith.select %is_negative, %zero, %out : f32
    linalg.yield %relu : f32
  } -> tensor<1x13x1x16xf32>
  return %act : tensor<1x13x1x16xf32>
}
