// What cannot be covered with whole vectors is an error: no scalar loop is left
// over in its place.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-vectorize-kernels

#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func @short_rows(%x: tensor<3x9xf32>, %result: tensor<3x9xf32>) -> tensor<3x9xf32> {
  // expected-error @+1 {{'linalg.generic' op expects an innermost dimension of whole vectors of 16 elements, but got 9}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x9xf32>) outs(%result : tensor<3x9xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes]>} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x9xf32>
  return %0 : tensor<3x9xf32>
}

// -----

// A vector that overlaps another would add its lanes twice.
#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func @overlapping_update(%x: tensor<3x20xf32>, %result: tensor<3x20xf32>) -> tensor<3x20xf32> {
  // expected-error @+1 {{'linalg.generic' op expects an innermost dimension of whole vectors of 16 elements, but got 20}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x20xf32>) outs(%result : tensor<3x20xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes]>} {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<3x20xf32>
  return %0 : tensor<3x20xf32>
}

// -----

#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func @no_schedule(%x: tensor<3x16xf32>, %result: tensor<3x16xf32>) -> tensor<3x16xf32> {
  // expected-error @+1 {{'linalg.generic' op expects the attribute mobileone.schedule}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x16xf32>) outs(%result : tensor<3x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x16xf32>
  return %0 : tensor<3x16xf32>
}

// -----

#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func @short_schedule(%x: tensor<3x16xf32>, %result: tensor<3x16xf32>) -> tensor<3x16xf32> {
  // expected-error @+1 {{'linalg.generic' op expects 0 sizes of pixels, 1 of panels and 0 of depth, but got #mobileone.schedule<lanes = 16, order = [lanes]>}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x16xf32>) outs(%result : tensor<3x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<lanes = 16, order = [lanes]>} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x16xf32>
  return %0 : tensor<3x16xf32>
}

// -----

#rows = affine_map<(d0, d1) -> (d1, d0)>
#sums = affine_map<(d0, d1) -> (d0)>
func.func @uneven_reduction(%x: tensor<10x16xf32>, %result: tensor<16xf32>) -> tensor<16xf32> {
  // expected-error @+1 {{'linalg.generic' op expects steps of the depth that divide 10, but got 4}}
  %0 = linalg.generic {indexing_maps = [#rows, #sums], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<10x16xf32>) outs(%result : tensor<16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<lanes = 16, depth = [4], order = [lanes]>} {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<16xf32>
  return %0 : tensor<16xf32>
}

// -----

// Only the weights of a matrix come panel by panel.
#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func @prefetch_without_matrix(%x: tensor<3x16xf32>, %result: tensor<3x16xf32>) -> tensor<3x16xf32> {
  // expected-error @+1 {{'linalg.generic' op expects a loop over the steps of a matrix to prefetch for, but got}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x16xf32>) outs(%result : tensor<3x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes], prefetch>} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x16xf32>
  return %0 : tensor<3x16xf32>
}

// -----

// More than the registers of any level; to write it out would not end.
#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func @huge_tile(%x: tensor<4096x4096xf32>, %result: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  // expected-error @+1 {{'linalg.generic' op expects a tile of at most 512 elements, but got}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<4096x4096xf32>) outs(%result : tensor<4096x4096xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<panels = 4096, lanes = 16, order = [panels, lanes]>} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4096x4096xf32>
  return %0 : tensor<4096x4096xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects mobileone.units to be an index, and a range of units as the last arguments}}
func.func @no_range(%x: tensor<3x16xf32>) attributes {mobileone.units = 3 : index} {
  return
}
