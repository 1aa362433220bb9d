// A schedule is for ops that vectors can compute.
// RUN: mobileone-opt %s --verify-diagnostics --mobileone-split-kernels

#identity = affine_map<(d0, d1) -> (d0, d1)>
#transposed = affine_map<(d0, d1) -> (d1, d0)>
func.func private @transposed(%x: tensor<32x32xf32>, %r: tensor<32x32xf32>) -> tensor<32x32xf32> {
  // expected-error @+1 {{'linalg.generic' op expects the last parallel dimension to be the last of each operand that has it, and a result of the parallel dimensions in order, but got affine_map<(d0, d1) -> (d1, d0)>}}
  %0 = linalg.generic {indexing_maps = [#identity, #transposed], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<32x32xf32>) outs(%r : tensor<32x32xf32>)
      attrs = {mobileone.schedule = {order = array<i64: 0, 1>, split = 0, tile = array<i64: 1, 16>}} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<32x32xf32>
  return %0 : tensor<32x32xf32>
}
