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

// -----

#identity = affine_map<(d0) -> (d0)>
func.func @empty(%x: tensor<0xf32>, %r: tensor<0xf32>) -> tensor<0xf32> {
  // expected-error @+1 {{'linalg.generic' op expects at least one element in each dimension}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel"]}
      ins(%x : tensor<0xf32>) outs(%r : tensor<0xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<0xf32>
  return %0 : tensor<0xf32>
}

// -----

#identity = affine_map<(d0) -> (d0)>
func.func @doubles(%x: tensor<32xf64>, %r: tensor<32xf64>) -> tensor<32xf64> {
  // expected-error @+1 {{'linalg.generic' op expects elements of f32, i8 or i32, but got 'f64'}}
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel"]}
      ins(%x : tensor<32xf64>) outs(%r : tensor<32xf64>) {
  ^bb0(%in: f64, %out: f64):
    linalg.yield %in : f64
  } -> tensor<32xf64>
  return %0 : tensor<32xf64>
}

// -----

// A vector of columns is no vector of neighbours.
#identity = affine_map<(d0, d1) -> (d0, d1)>
#transposed = affine_map<(d0, d1) -> (d1, d0)>
func.func @transposed(%x: tensor<32x32xf32>, %r: tensor<32x32xf32>) -> tensor<32x32xf32> {
  // expected-error @+1 {{'linalg.generic' op expects the last parallel dimension to be the last of each operand that has it, and a result of the parallel dimensions in order, but got affine_map<(d0, d1) -> (d1, d0)>}}
  %0 = linalg.generic {indexing_maps = [#transposed, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<32x32xf32>) outs(%r : tensor<32x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<32x32xf32>
  return %0 : tensor<32x32xf32>
}

// -----

// It would have no sums to start from.
#row = affine_map<(d0, d1) -> (d1, d0)>
#sum = affine_map<(d0, d1) -> (d0)>
func.func @last_one(%x: tensor<8x16xf32>, %r: tensor<16xf32>) -> tensor<16xf32> {
  // expected-error @+1 {{'linalg.generic' op expects a reduction that goes on with its output, but got a body without it}}
  %0 = linalg.generic {indexing_maps = [#row, #sum], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x16xf32>) outs(%r : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<16xf32>
  return %0 : tensor<16xf32>
}

// -----

// Each lane would be the first one.
#identity = affine_map<(d0) -> (d0)>
func.func @positions(%r: tensor<32xf32>) -> tensor<32xf32> {
  // expected-error @+1 {{'linalg.generic' op expects elementwise arithmetic on numbers, but got linalg.index}}
  %0 = linalg.generic {indexing_maps = [#identity], iterator_types = ["parallel"]} outs(%r : tensor<32xf32>) {
  ^bb0(%out: f32):
    %1 = linalg.index 0 : index
    %2 = arith.index_cast %1 : index to i32
    %3 = arith.sitofp %2 : i32 to f32
    linalg.yield %3 : f32
  } -> tensor<32xf32>
  return %0 : tensor<32xf32>
}
