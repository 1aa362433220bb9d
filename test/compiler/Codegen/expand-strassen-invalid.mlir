// Sums of weights are made before the network runs only of constants that no other op reads.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-expand-strassen

// The caller's.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%result : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects weights that are constants, which nothing else in the kernel reads, of at most 67108864 elements with their sums, for #mobileone.schedule<}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2, sums = compile>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}
func.func @network(%x: tensor<4x6x64xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>, %filter: tensor<4x64x16xf32>) -> tensor<4x6x4x16xf32> {
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<4x6x64xf32>, tensor<4x64x16xf32>, tensor<4x16xf32>, tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32>
  return %0 : tensor<4x6x4x16xf32>
}

// -----

// Read twice.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  %zero = arith.constant 0 : index
  %first = tensor.extract %filter[%zero, %zero, %zero] : tensor<4x64x16xf32>
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%result : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects weights that are constants, which nothing else in the kernel reads, of at most 67108864 elements with their sums, for #mobileone.schedule<}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2, sums = compile>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  %more = tensor.insert %first into %sums[%zero, %zero, %zero, %zero] : tensor<4x6x4x16xf32>
  return %more : tensor<4x6x4x16xf32>
}
func.func @network(%x: tensor<4x6x64xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  %filter = arith.constant dense<1.0> : tensor<4x64x16xf32>
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<4x6x64xf32>, tensor<4x64x16xf32>, tensor<4x16xf32>, tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32>
  return %0 : tensor<4x6x4x16xf32>
}
