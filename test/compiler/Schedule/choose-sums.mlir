// When sums of weights are made: before the network runs where all weights grow by a tenth at
// most, with strassen2 wherever weights are constants; else at run time, in one level.
// RUN: mobileone-opt %s --split-input-file --mobileone-schedule-kernels="isa=x86-64-v3 algorithm=strassen" | FileCheck %s --check-prefixes=CHECK,ONE
// RUN: mobileone-opt %s --split-input-file --mobileone-schedule-kernels="isa=x86-64-v3 algorithm=strassen2" | FileCheck %s --check-prefixes=CHECK,TWO

// Sums of 12288 elements beside 139264.
// CHECK-LABEL: func.func private @layer(%{{.+}}: tensor<14x14x128xf32>
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<14x14x128xf32>, %filter: tensor<8x128x16xf32>, %bias: tensor<8x16xf32>, %result: tensor<14x14x8x16xf32>) -> tensor<14x14x8x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<8x16xf32>) outs(%result : tensor<14x14x8x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<14x14x8x16xf32>
  // CHECK: algorithm = strassen<rows = 14, levels = 1, sums = compile>
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<14x14x128xf32>, tensor<8x128x16xf32>) outs(%start : tensor<14x14x8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<14x14x8x16xf32>
  return %sums : tensor<14x14x8x16xf32>
}
func.func @network(%x: tensor<14x14x128xf32>, %bias: tensor<8x16xf32>, %result: tensor<14x14x8x16xf32>) -> tensor<14x14x8x16xf32> {
  %filter = arith.constant dense<1.0> : tensor<8x128x16xf32>
  %other = arith.constant dense<2.0> : tensor<122880xf32>
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<14x14x128xf32>, tensor<8x128x16xf32>, tensor<8x16xf32>, tensor<14x14x8x16xf32>) -> tensor<14x14x8x16xf32>
  return %0 : tensor<14x14x8x16xf32>
}

// -----

// Alone they are three quarters.
// CHECK-LABEL: func.func private @layer(%{{.+}}: tensor<14x14x128xf32>
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<14x14x128xf32>, %filter: tensor<8x128x16xf32>, %bias: tensor<8x16xf32>, %result: tensor<14x14x8x16xf32>) -> tensor<14x14x8x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<8x16xf32>) outs(%result : tensor<14x14x8x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<14x14x8x16xf32>
  // ONE: algorithm = strassen<rows = 14, levels = 1, sums = run>
  // TWO: algorithm = strassen<rows = 14, levels = 1, sums = compile>
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<14x14x128xf32>, tensor<8x128x16xf32>) outs(%start : tensor<14x14x8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<14x14x8x16xf32>
  return %sums : tensor<14x14x8x16xf32>
}
func.func @network(%x: tensor<14x14x128xf32>, %bias: tensor<8x16xf32>, %result: tensor<14x14x8x16xf32>) -> tensor<14x14x8x16xf32> {
  %filter = arith.constant dense<1.0> : tensor<8x128x16xf32>
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<14x14x128xf32>, tensor<8x128x16xf32>, tensor<8x16xf32>, tensor<14x14x8x16xf32>) -> tensor<14x14x8x16xf32>
  return %0 : tensor<14x14x8x16xf32>
}

// -----

// CHECK-LABEL: func.func private @layer(%{{.+}}: tensor<14x14x512xf32>
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<14x14x512xf32>, %filter: tensor<32x512x16xf32>, %bias: tensor<32x16xf32>, %result: tensor<14x14x32x16xf32>) -> tensor<14x14x32x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<32x16xf32>) outs(%result : tensor<14x14x32x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<14x14x32x16xf32>
  // ONE: algorithm = strassen<rows = 14, levels = 1, sums = run>
  // TWO: algorithm = strassen<rows = 14, levels = 2, sums = compile>
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<14x14x512xf32>, tensor<32x512x16xf32>) outs(%start : tensor<14x14x32x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<14x14x32x16xf32>
  return %sums : tensor<14x14x32x16xf32>
}
func.func @network(%x: tensor<14x14x512xf32>, %bias: tensor<32x16xf32>, %result: tensor<14x14x32x16xf32>) -> tensor<14x14x32x16xf32> {
  %filter = arith.constant dense<1.0> : tensor<32x512x16xf32>
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<14x14x512xf32>, tensor<32x512x16xf32>, tensor<32x16xf32>, tensor<14x14x32x16xf32>) -> tensor<14x14x32x16xf32>
  return %0 : tensor<14x14x32x16xf32>
}

// -----

// The weights of a caller.
// CHECK-LABEL: func.func private @layer(%{{.+}}: tensor<14x14x512xf32>
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<14x14x512xf32>, %filter: tensor<32x512x16xf32>, %bias: tensor<32x16xf32>, %result: tensor<14x14x32x16xf32>) -> tensor<14x14x32x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<32x16xf32>) outs(%result : tensor<14x14x32x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<14x14x32x16xf32>
  // CHECK: algorithm = strassen<rows = 14, levels = 1, sums = run>
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<14x14x512xf32>, tensor<32x512x16xf32>) outs(%start : tensor<14x14x32x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<14x14x32x16xf32>
  return %sums : tensor<14x14x32x16xf32>
}
func.func @network(%x: tensor<14x14x512xf32>, %bias: tensor<32x16xf32>, %result: tensor<14x14x32x16xf32>, %filter: tensor<32x512x16xf32>) -> tensor<14x14x32x16xf32> {
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<14x14x512xf32>, tensor<32x512x16xf32>, tensor<32x16xf32>, tensor<14x14x32x16xf32>) -> tensor<14x14x32x16xf32>
  return %0 : tensor<14x14x32x16xf32>
}
