// What is no kernel is refused, not scheduled.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-schedule-kernels
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-vectorize-kernels

#identity = affine_map<(d0) -> (d0)>
func.func @dynamic(%x: tensor<?xf32>, %r: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error @+1 {{'linalg.generic' op expects tensors of static shape and one output}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel"]}
      ins(%x : tensor<?xf32>) outs(%r : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

#identity = affine_map<(d0) -> (d0)>
#scalar = affine_map<(d0) -> ()>
func.func @no_lanes(%x: tensor<32xf32>, %r: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'linalg.generic' op expects parallel dimensions before the others}}
  %0 = linalg.generic {indexing_maps = [#identity, #scalar], iterator_types = ["reduction"]}
      ins(%x : tensor<32xf32>) outs(%r : tensor<f32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %in, %out : f32
    linalg.yield %1 : f32
  } -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

#identity = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>
func.func @reduction_first(%x: tensor<8x32xf32>, %r: tensor<32xf32>) -> tensor<32xf32> {
  // expected-error @+1 {{'linalg.generic' op expects parallel dimensions before the others}}
  %0 = linalg.generic {indexing_maps = [#identity, #column], iterator_types = ["reduction", "parallel"]}
      ins(%x : tensor<8x32xf32>) outs(%r : tensor<32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %in, %out : f32
    linalg.yield %1 : f32
  } -> tensor<32xf32>
  return %0 : tensor<32xf32>
}
