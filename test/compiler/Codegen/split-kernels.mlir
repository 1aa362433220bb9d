// Kernels that take long enough are split into units that workers share: tiles of
// rows or of panels of channels.
// RUN: mobileone-opt %s --split-input-file --mobileone-schedule-kernels=print -o /dev/null 2>&1 | FileCheck %s --check-prefix=SCHEDULE
// RUN: mobileone-opt %s --split-input-file --mobileone-schedule-kernels --mobileone-split-kernels | FileCheck %s
// RUN: mobileone-opt %s --split-input-file --mobileone-schedule-kernels --mobileone-split-kernels --mobileone-vectorize-kernels --canonicalize | FileCheck %s --check-prefix=VECTOR

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#filter = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>

// Of 784 pixels, a worker takes some of the 28 rows. A row is four units, one for
// each tile of panels, so that any number of workers have about the same; unit u is
// row u / 4 in panel tile u % 4. The zeros above the image come with the first unit.
// SCHEDULE: rows = [#mobileone.schedule<pixels = [1, 14], panels = 2, {{.+}} split = pixels0
// VECTOR-DAG:  #[[$ROW:.+]] = affine_map<(d0)[s0] -> ((-(d0 floordiv 2) + s0) ceildiv 4)>
// CHECK-LABEL: func.func @network(
// CHECK:         call @rows(%{{[^,]+}}, %{{[^,]+}}, %{{[^,]+}}, %c0{{[^,]*}}, %c112{{[^,]*}})
func.func @network(%x: tensor<28x28x128xf32>, %filter: tensor<8x128x16xf32>,
                   %result: tensor<29x28x8x16xf32>) -> tensor<29x28x8x16xf32> {
  %0 = call @rows(%x, %filter, %result) : (tensor<28x28x128xf32>, tensor<8x128x16xf32>, tensor<29x28x8x16xf32>) -> tensor<29x28x8x16xf32>
  return %0 : tensor<29x28x8x16xf32>
}
// CHECK-LABEL: func.func private @rows(
// CHECK-SAME:    %[[RESULT:[^:]+]]: tensor<29x28x8x16xf32>, %[[BEGIN:[^:]+]]: index, %[[END:[^:]+]]: index)
// CHECK-SAME:    attributes {mobileone.units = 112 : index}
// CHECK:         %[[IS_FIRST:.+]] = arith.cmpi eq, %[[BEGIN]], %c0
// CHECK:         %[[CLEARED:.+]] = scf.if %[[IS_FIRST]]
// CHECK-NEXT:      tensor.extract_slice %[[RESULT]][0, 0, 0, 0] [1, 28, 8, 16]
// CHECK-NEXT:      linalg.fill
// CHECK-NEXT:      tensor.insert_slice
// CHECK-NEXT:      scf.yield
// CHECK-NEXT:    else
// CHECK-NEXT:      scf.yield %[[RESULT]]
// CHECK:         tensor.extract_slice %[[CLEARED]][1, 0, 0, 0] [28, 28, 8, 16]
// VECTOR-LABEL: func.func private @rows(
// VECTOR-SAME:    %[[BEGIN:[^:]+]]: index, %[[END:[^:]+]]: index)
// VECTOR:         scf.for %[[PANEL:.+]] = %c0 to %c8 step %c2 {{.+}} -> (tensor<28x28x8x16xf32>)
// VECTOR:           %[[FIRST:.+]] = affine.apply #[[$ROW]](%[[PANEL]])[%[[BEGIN]]]
// VECTOR:           %[[LOWER:.+]] = arith.maxsi %[[FIRST]], %c0
// VECTOR:           %[[LAST:.+]] = affine.apply #[[$ROW]](%[[PANEL]])[%[[END]]]
// VECTOR:           %[[UPPER:.+]] = arith.minsi %[[LAST]], %c28
// VECTOR:           scf.for %[[ROW:.+]] = %[[LOWER]] to %[[UPPER]] step %c1
// VECTOR:             scf.for %{{.+}} = %c0 to %c28 step %c14
// VECTOR:               vector.transfer_read %{{.+}}[%[[ROW]],
func.func private @rows(%x: tensor<28x28x128xf32>, %filter: tensor<8x128x16xf32>,
                        %result: tensor<29x28x8x16xf32>) -> tensor<29x28x8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %above = tensor.extract_slice %result[0, 0, 0, 0] [1, 28, 8, 16] [1, 1, 1, 1] : tensor<29x28x8x16xf32> to tensor<1x28x8x16xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%above : tensor<1x28x8x16xf32>) -> tensor<1x28x8x16xf32>
  %cleared = tensor.insert_slice %zeros into %result[0, 0, 0, 0] [1, 28, 8, 16] [1, 1, 1, 1] : tensor<1x28x8x16xf32> into tensor<29x28x8x16xf32>
  %inside = tensor.extract_slice %cleared[1, 0, 0, 0] [28, 28, 8, 16] [1, 1, 1, 1] : tensor<29x28x8x16xf32> to tensor<28x28x8x16xf32>
  %sums = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<28x28x128xf32>, tensor<8x128x16xf32>) outs(%inside : tensor<28x28x8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %next = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %next : f32
  } -> tensor<28x28x8x16xf32>
  %all = tensor.insert_slice %sums into %cleared[1, 0, 0, 0] [28, 28, 8, 16] [1, 1, 1, 1] : tensor<28x28x8x16xf32> into tensor<29x28x8x16xf32>
  return %all : tensor<29x28x8x16xf32>
}

// -----

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#filter = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>

// Of 33 panels, a worker takes some: 16 tiles of two and one of one, which are
// counted through.
// CHECK-LABEL: func.func private @panels(
// CHECK-SAME:    attributes {mobileone.units = 17 : index}
// VECTOR-LABEL: func.func private @panels(
// VECTOR-SAME:    %[[BEGIN:[^:]+]]: index, %[[END:[^:]+]]: index)
// VECTOR:         %[[LOWER:.+]] = arith.maxsi %[[BEGIN]], %c0
// VECTOR:         %[[UPPER:.+]] = arith.minsi %[[END]], %c16
// VECTOR:         scf.for %{{.+}} = %[[LOWER]] to %[[UPPER]] step %c1
// VECTOR:         %[[LOWER:.+]] = arith.maxsi %[[BEGIN]], %c16
// VECTOR:         %[[UPPER:.+]] = arith.minsi %[[END]], %c17
// VECTOR:         scf.for %{{.+}} = %[[LOWER]] to %[[UPPER]] step %c1
func.func private @panels(%x: tensor<5x7x256xf32>, %filter: tensor<33x256x16xf32>,
                          %result: tensor<5x7x33x16xf32>) -> tensor<5x7x33x16xf32> {
  %sums = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<5x7x256xf32>, tensor<33x256x16xf32>) outs(%result : tensor<5x7x33x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 7], panels = 2, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = panels>} {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %next = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %next : f32
  } -> tensor<5x7x33x16xf32>
  return %sums : tensor<5x7x33x16xf32>
}

// -----

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#filter = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>

// Workers that meet would take longer than this.
// SCHEDULE: small = [
// SCHEDULE-NOT: split
// SCHEDULE-SAME: >]
// CHECK-LABEL: func.func private @small(
// CHECK-NOT:     : index
// CHECK:         return
func.func private @small(%x: tensor<7x7x16xf32>, %filter: tensor<4x16x16xf32>,
                         %result: tensor<7x7x4x16xf32>) -> tensor<7x7x4x16xf32> {
  %sums = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<7x7x16xf32>, tensor<4x16x16xf32>) outs(%result : tensor<7x7x4x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %next = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %next : f32
  } -> tensor<7x7x4x16xf32>
  return %sums : tensor<7x7x4x16xf32>
}

// -----

#identity = affine_map<(d0, d1) -> (d0, d1)>

// The second op reads what the first one computes of all rows, and zeros that
// overlap what a worker writes could come after it.
// SCHEDULE: steps = [
// SCHEDULE-NOT: split
// CHECK-LABEL: func.func private @steps(
// CHECK-NOT:     : index
// CHECK:         return
func.func private @steps(%x: tensor<512x512xf32>, %a: tensor<512x512xf32>, %b: tensor<512x512xf32>) -> tensor<512x512xf32> {
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<512x512xf32>) outs(%a : tensor<512x512xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.addf %in, %in : f32
    linalg.yield %s : f32
  } -> tensor<512x512xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (511 - d0, d1)>, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%0 : tensor<512x512xf32>) outs(%b : tensor<512x512xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<512x512xf32>
  return %1 : tensor<512x512xf32>
}

// SCHEDULE: overlap = [
// SCHEDULE-NOT: split
// CHECK-LABEL: func.func private @overlap(
// CHECK-NOT:     : index
// CHECK:         return
func.func private @overlap(%x: tensor<512x512xf32>, %result: tensor<513x512xf32>) -> tensor<513x512xf32> {
  %zero = arith.constant 0.0 : f32
  %above = tensor.extract_slice %result[0, 0] [2, 512] [1, 1] : tensor<513x512xf32> to tensor<2x512xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%above : tensor<2x512xf32>) -> tensor<2x512xf32>
  %cleared = tensor.insert_slice %zeros into %result[0, 0] [2, 512] [1, 1] : tensor<2x512xf32> into tensor<513x512xf32>
  %inside = tensor.extract_slice %cleared[1, 0] [512, 512] [1, 1] : tensor<513x512xf32> to tensor<512x512xf32>
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<512x512xf32>) outs(%inside : tensor<512x512xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.addf %in, %in : f32
    linalg.yield %s : f32
  } -> tensor<512x512xf32>
  %all = tensor.insert_slice %0 into %cleared[1, 0] [512, 512] [1, 1] : tensor<512x512xf32> into tensor<513x512xf32>
  return %all : tensor<513x512xf32>
}
