// A product of pixels by a matrix becomes seven of halves, in buffers that each worker
// has and each call passes; sums of weights for each tile of panels, in two steps.
// RUN: mobileone-opt %s --mobileone-split-kernels --mobileone-expand-strassen | FileCheck %s
// RUN: mobileone-opt %s --mobileone-split-kernels --mobileone-expand-strassen --mobileone-vectorize-kernels -o /dev/null

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>

// CHECK-LABEL: func.func private @layer(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<4x6x64xf32> {bufferization.writable = false}
// CHECK-SAME:    %[[FILTER:[a-z0-9]+]]: tensor<4x64x16xf32>
// CHECK-SAME:    %[[BIAS:[a-z0-9]+]]: tensor<4x16xf32>
// CHECK-COUNT-4: tensor<2x3x32xf32> {bufferization.writable = true, mobileone.worker_bytes = 768 : index}
// CHECK-COUNT-2: tensor<2x3x1x16xf32> {bufferization.writable = true, mobileone.worker_bytes = 384 : index}
// CHECK-COUNT-2: tensor<1x32x16xf32> {bufferization.writable = true, mobileone.worker_bytes = 2048 : index}
// CHECK-SAME:    tensor<4x6x4x16xf32>
// CHECK-SAME:    attributes {mobileone.strassen = 1 : index, mobileone.units = 4 : index}
// S1 to S4 of each pixel of a band.
// CHECK:         scf.for
// CHECK:           arith.addf
// CHECK-COUNT-3:   arith.subf
// CHECK-NOT:       arith.mulf
// T1 and T2.
// CHECK-COUNT-2:   arith.subf
// U, C11, U', W and C12: four of these fetch weights, which their bodies do not use.
// CHECK-COUNT-4:   ins({{.+}} : tensor<2x3x32xf32>, tensor<1x32x16xf32>, tensor<1x32x16xf32>) outs({{.+}} : tensor<2x3x1x16xf32>)
// CHECK:           ins({{.+}} : tensor<2x3x32xf32>, tensor<1x32x16xf32>) outs({{.+}} : tensor<2x3x1x16xf32>)
// T3 and T4 in their places.
// CHECK-COUNT-2:   arith.subf
// U", C22 and C21.
// CHECK:           ins({{.+}} : tensor<2x3x32xf32>, tensor<1x32x16xf32>) outs({{.+}} : tensor<2x3x1x16xf32>)
// CHECK:           arith.addf
// CHECK:           arith.maximumf
// CHECK:           ins({{.+}} : tensor<2x3x32xf32>, tensor<1x32x16xf32>) outs({{.+}} : tensor<2x3x1x16xf32>)
// CHECK:           arith.maximumf
// CHECK-NOT:       arith.mulf
// CHECK:         return
func.func private @layer(%x: tensor<4x6x64xf32> {bufferization.writable = false}, %filter: tensor<4x64x16xf32> {bufferization.writable = false},
                         %bias: tensor<4x16xf32> {bufferization.writable = false}, %result: tensor<4x6x4x16xf32> {bufferization.writable = true}) -> tensor<4x6x4x16xf32> {
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%result : tensor<4x6x4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x6x4x16xf32>
  %sums = linalg.generic {indexing_maps = [#pixel, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<4x6x64xf32>, tensor<4x64x16xf32>) outs(%start : tensor<4x6x4x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %sum = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %sum : f32
  } -> tensor<4x6x4x16xf32>
  %relu = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      outs(%sums : tensor<4x6x4x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = pixels0, algorithm = strassen<rows = 2>, prefetch>} {
  ^bb0(%out: f32):
    %zero = arith.constant 0.0 : f32
    %max = arith.maximumf %out, %zero : f32
    linalg.yield %max : f32
  } -> tensor<4x6x4x16xf32>
  return %relu : tensor<4x6x4x16xf32>
}

// CHECK-LABEL:   func.func @network(
// CHECK-COUNT-8: bufferization.alloc_tensor()
// CHECK:         call @layer
func.func @network(%x: tensor<4x6x64xf32>, %filter: tensor<4x64x16xf32>, %bias: tensor<4x16xf32>, %result: tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32> {
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<4x6x64xf32>, tensor<4x64x16xf32>, tensor<4x16xf32>, tensor<4x6x4x16xf32>) -> tensor<4x6x4x16xf32>
  return %0 : tensor<4x6x4x16xf32>
}
