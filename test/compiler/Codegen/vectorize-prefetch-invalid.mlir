// What is fetched is the weights, or a third input like them that the body leaves alone.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-vectorize-kernels

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#lane = affine_map<(h, w, p, n, k) -> (n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
func.func private @other_type(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %next: tensor<16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  // expected-error @+1 {{expects a loop over the steps of a matrix to prefetch for, but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #lane, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter, %next : tensor<4x6x64xf32>, tensor<4x64x16xf32>, tensor<16xf32>) outs(%result : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], prefetch>} {
  ^bb0(%a: f32, %b: f32, %c: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}

// -----

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
func.func private @other_place(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %next: tensor<4x64x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  // expected-error @+1 {{expects a loop over the steps of a matrix to prefetch for, but got}}
  %sums = linalg.generic {indexing_maps = [#weight, #pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%next, %x, %filter : tensor<4x64x16xf32>, tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%result : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], prefetch>} {
  ^bb0(%c: f32, %a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}
