// What cannot be split: ops that vectors do not compute, and kernels that are not called.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-split-kernels

#identity = affine_map<(d0, d1) -> (d0, d1)>
#transposed = affine_map<(d0, d1) -> (d1, d0)>
func.func private @transposed(%x: tensor<32x32xf32>, %r: tensor<32x32xf32>) -> tensor<32x32xf32> {
  // expected-error @+1 {{'linalg.generic' op expects the last parallel dimension to be the last of each operand that has it, and a result of the parallel dimensions in order, but got affine_map<(d0, d1) -> (d1, d0)>}}
  %0 = linalg.generic {indexing_maps = [#identity, #transposed], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<32x32xf32>) outs(%r : tensor<32x32xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes], split = panels>} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<32x32xf32>
  return %0 : tensor<32x32xf32>
}

// -----

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#filter = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>

// Who takes the kernel's address passes no range of units.
func.func @address() {
  // expected-error @+1 {{'func.constant' op expects only calls of a kernel that workers share}}
  %kernel = func.constant @rows : (tensor<28x28x128xf32>, tensor<8x128x16xf32>, tensor<28x28x8x16xf32>) -> tensor<28x28x8x16xf32>
  return
}
func.func private @rows(%x: tensor<28x28x128xf32>, %filter: tensor<8x128x16xf32>,
                        %result: tensor<28x28x8x16xf32>) -> tensor<28x28x8x16xf32> {
  %sums = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<28x28x128xf32>, tensor<8x128x16xf32>) outs(%result : tensor<28x28x8x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 14], panels = 2, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = pixels0>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %next = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %next : f32
  } -> tensor<28x28x8x16xf32>
  return %sums : tensor<28x28x8x16xf32>
}
