// What has no halves, or is no product of pixels by a matrix, keeps all products.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-schedule-kernels

// Of 5 columns.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x5x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x5x4x16xf32>) -> tensor<4x5x4x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%result : tensor<4x5x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x5x4x16xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x5x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x5x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x5x4x16xf32>
  return %sums : tensor<4x5x4x16xf32>
}

// -----

// Bands of 3 rows do not cover 4.
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
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 3>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}

// -----

// Of 3 panels.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<3x64x16xf32>, %bias: tensor<3x16xf32>, %result: tensor<4x6x3x16xf32>) -> tensor<4x6x3x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<3x16xf32>) outs(%result : tensor<4x6x3x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x3x16xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<3x64x16xf32>) outs(%start : tensor<4x6x3x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x3x16xf32>
  return %sums : tensor<4x6x3x16xf32>
}

// -----

// Of 3 panels of depth.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x48xf32>, %filter: tensor<4x48x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%result : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x48xf32>, tensor<4x48x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}

// -----

// Not of sums and products.
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
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.addf %a, %b : f32
    %sum = arith.maximumf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}

// -----

// A bias that is changed on its way would have to be so on two.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%result : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %twice = arith.addf %in, %in : f32
    linalg.yield %twice : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}

// -----

// Of a line of 16 weights three steps take no part.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x96xf32>, %filter: tensor<4x96x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%result : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects steps that divide 16 to prefetch for, but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x96xf32>, tensor<4x96x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [3], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>, prefetch>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}

// -----

// Panels of 8 channels.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x8xf32>, %bias: tensor<4x8xf32>, %result: tensor<4x6x4x8xf32>) -> tensor<4x6x4x8xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x8xf32>) outs(%result : tensor<4x6x4x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x8xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x8xf32>) outs(%start : tensor<4x6x4x8xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 8, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x8xf32>
  return %sums : tensor<4x6x4x8xf32>
}

// -----

// Differences of products.
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
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 2>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.subf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}

// -----

// Of two levels, the result is some of the panels.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<8x12x8x16xf32>) -> tensor<8x12x8x16xf32> {
  %box = tensor.extract_slice %result[0, 0, 4, 0] [4, 6, 4, 16] [1, 1, 1, 1] : tensor<8x12x8x16xf32> to tensor<4x6x4x16xf32>
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%box : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 4, levels = 2, sums = compile>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  %whole = tensor.insert_slice %sums into %result[0, 0, 4, 0] [4, 6, 4, 16] [1, 1, 1, 1] : tensor<4x6x4x16xf32> into tensor<8x12x8x16xf32>
  return %whole : tensor<8x12x8x16xf32>
}

// -----

// The result is every other pixel.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<8x12x8x16xf32>) -> tensor<8x12x8x16xf32> {
  %box = tensor.extract_slice %result[0, 0, 0, 0] [4, 6, 4, 16] [2, 2, 1, 1] : tensor<8x12x8x16xf32> to tensor<4x6x4x16xf32>
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%box : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 4, levels = 2, sums = compile>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  %whole = tensor.insert_slice %sums into %result[0, 0, 0, 0] [4, 6, 4, 16] [2, 2, 1, 1] : tensor<4x6x4x16xf32> into tensor<8x12x8x16xf32>
  return %whole : tensor<8x12x8x16xf32>
}

// -----

// The result goes elsewhere.
#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>
func.func private @layer(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<8x12x8x16xf32>) -> tensor<8x12x8x16xf32> {
  %box = tensor.extract_slice %result[0, 0, 0, 0] [4, 6, 4, 16] [1, 1, 1, 1] : tensor<8x12x8x16xf32> to tensor<4x6x4x16xf32>
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%box : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 4, levels = 2, sums = compile>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  %whole = tensor.insert_slice %sums into %result[1, 0, 0, 0] [4, 6, 4, 16] [1, 1, 1, 1] : tensor<4x6x4x16xf32> into tensor<8x12x8x16xf32>
  return %whole : tensor<8x12x8x16xf32>
}

// -----

// Half of 2 rows are 1, but bands of 1 row have no halves.
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
  // expected-error @+1 {{expects for Strassen's algorithm a product of pixels by a matrix, alone in its kernel, an even number of columns, rows that divide the image's, and whole tiles in half the panels; for 2 levels an even number of rows, whole tiles in a quarter of the panels, and a result that is put back to where its output was taken from; but got}}
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], algorithm = strassen<rows = 1, levels = 2, sums = compile>>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %sum = arith.addf %out, %product : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  return %sums : tensor<4x6x4x16xf32>
}
