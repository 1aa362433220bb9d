// While a tile of pixels is multiplied with two panels of weights, the next two
// are fetched, one line in each iteration.
// RUN: mobileone-opt %s --mobileone-schedule-kernels=print --mobileone-vectorize-kernels --canonicalize --cse 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=SCHEDULE < %t

// SCHEDULE: large = [#mobileone.schedule<pixels = [1, 14], panels = 2, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = pixels0, prefetch>]
// SCHEDULE: small = [#mobileone.schedule<pixels = [1, 14], panels = 2, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = pixels0>]

#pixel = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4)>
#filter = affine_map<(d0, d1, d2, d3, d4) -> (d2, d4, d3)>
#sum = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>

// A panel has 256 lines, two have 512. Of these, tile m of 14 tiles of 14 pixels
// in 14 rows has passed 512 * 14m / 196, and at step k 512 * 14k / (256 * 196) =
// 28k / 196 more. The last line is number 16 * 256 - 1.
// CHECK-LABEL: func.func @large(
// CHECK-SAME:    %[[FILTER:[^:]+]]: tensor<16x256x16xf32>
// CHECK-DAG:     %[[STEP:.+]] = arith.constant 28 : index
// CHECK-DAG:     %[[PIXELS:.+]] = arith.constant 196 : index
// CHECK-DAG:     %[[LAST:.+]] = arith.constant 4095 : index
// CHECK-DAG:     %[[BUFFER:.+]] = bufferization.to_buffer %[[FILTER]] read_only : tensor<16x256x16xf32>
// CHECK-DAG:     %[[LINES:.+]] = memref.collapse_shape %[[BUFFER]] {{.+}} into memref<4096x16xf32>
// CHECK:         scf.for %[[K:[^ ]+]] = {{.+}} -> (vector<16xf32>,
// CHECK:           %[[TILE:.+]] = arith.muli %[[K]], %[[STEP]]
// CHECK:           %[[PASSED:.+]] = arith.addi %{{.+}}, %[[TILE]]
// CHECK:           %[[NEXT:.+]] = arith.divui %[[PASSED]], %[[PIXELS]]
// CHECK:           %[[LINE:.+]] = arith.minui %[[NEXT]], %[[LAST]]
// CHECK:           memref.prefetch %[[LINES]][%[[LINE]], %{{.+}}], read, locality<2>, data : memref<4096x16xf32>
// CHECK-NOT:       memref.prefetch
// CHECK:         return
func.func @large(%x: tensor<14x14x256xf32>, %filter: tensor<16x256x16xf32>,
                 %result: tensor<14x14x16x16xf32>) -> tensor<14x14x16x16xf32> {
  %sums = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<14x14x256xf32>, tensor<16x256x16xf32>) outs(%result : tensor<14x14x16x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %next = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %next : f32
  } -> tensor<14x14x16x16xf32>
  return %sums : tensor<14x14x16x16xf32>
}

// 16 KB of weights stay in the first-level cache.
// CHECK-LABEL: func.func @small(
// CHECK-NOT:     memref.prefetch
func.func @small(%x: tensor<14x14x64xf32>, %filter: tensor<4x64x16xf32>,
                 %result: tensor<14x14x4x16xf32>) -> tensor<14x14x4x16xf32> {
  %sums = linalg.generic {indexing_maps = [#pixel, #filter, #sum],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %filter : tensor<14x14x64xf32>, tensor<4x64x16xf32>) outs(%result : tensor<14x14x4x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %product = arith.mulf %a, %b fastmath<contract> : f32
    %next = arith.addf %out, %product fastmath<contract> : f32
    linalg.yield %next : f32
  } -> tensor<14x14x4x16xf32>
  return %sums : tensor<14x14x4x16xf32>
}
