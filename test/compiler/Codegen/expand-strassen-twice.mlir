// Sums of weights are constants. With two levels seven calls of one function add products of
// halves to halves of the result; it makes each of seven in turn.
// RUN: mobileone-opt %s --mobileone-split-kernels --mobileone-expand-strassen | FileCheck %s
// RUN: mobileone-opt %s --mobileone-split-kernels --mobileone-expand-strassen --mobileone-vectorize-kernels -o /dev/null

#pixel = affine_map<(h, w, p, n, k) -> (h, w, k)>
#weight = affine_map<(h, w, p, n, k) -> (p, k, n)>
#sum = affine_map<(h, w, p, n, k) -> (h, w, p, n)>
#all = affine_map<(h, w, p, n) -> (h, w, p, n)>
#channel = affine_map<(h, w, p, n) -> (p, n)>

// Of 4 panels, 64 steps: 49 parts of 1 panel, 16 steps.
// CHECK-LABEL: func.func private @layer.product(
// CHECK-SAME:    %[[FILTER:[a-z0-9]+]]: tensor<49x16x16xf32> {bufferization.writable = false}
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<2x6x32xf32>
// CHECK-COUNT-4: tensor<2x3x16xf32>
// CHECK-COUNT-2: tensor<2x3x1x16xf32>
// The result has a border, which the slice leaves out: one row above, two columns beside.
// CHECK-SAME:    %[[RESULT:[a-z0-9]+]]: tensor<5x8x4x16xf32>
// CHECK-SAME:    %[[ROW:[a-z0-9]+]]: index, %[[PANEL:[a-z0-9]+]]: index, %[[WEIGHTS:[a-z0-9]+]]: index
// CHECK-DAG:     %[[PART:.+]] = tensor.extract_slice %[[FILTER]][%[[WEIGHTS]], 0, 0] [7, 16, 16] [1, 1, 1]
// CHECK-DAG:     %[[HALF:.+]] = tensor.extract_slice %[[RESULT]][%[[ROW]], 2, %[[PANEL]], 0] [2, 6, 2, 16] [1, 1, 1, 1]
// The seven products of halves of halves, which fetch what comes next.
// CHECK-COUNT-7: ins({{.+}} : tensor<2x3x16xf32>, tensor<1x16x16xf32>, tensor<1x16x16xf32>) outs({{.+}} : tensor<2x3x1x16xf32>)
// CHECK:         tensor.insert_slice %{{.+}} into %[[RESULT]][%[[ROW]], 2, %[[PANEL]], 0] [2, 6, 2, 16] [1, 1, 1, 1]

// CHECK-LABEL: func.func private @layer(
// CHECK-SAME:    %[[FILTER:[a-z0-9]+]]: tensor<49x16x16xf32>
// CHECK-SAME:    attributes {mobileone.strassen = 2 : index, mobileone.units = 1 : index}
// Halves of the weights begin each 7 panels: T1, B11, B21, T2, T3, T4 and B22; of the
// result they are C22, C12, C11, C12, C21, C21 and C12.
// CHECK:         call @layer.product(%[[FILTER]], {{.*}}, %{{[0-9]+}}, %c2{{(_[0-9]+)?}}, %c21{{(_[0-9]+)?}}, %{{[0-9]+}}, %{{[0-9]+}})
// CHECK:         call @layer.product(%[[FILTER]], {{.*}}, %{{[0-9]+}}, %c2{{(_[0-9]+)?}}, %c0{{(_[0-9]+)?}}, %{{[0-9]+}}, %{{[0-9]+}})
// CHECK:         call @layer.product(%[[FILTER]], {{.*}}, %{{[0-9]+}}, %c0{{(_[0-9]+)?}}, %c7{{(_[0-9]+)?}}, %{{[0-9]+}}, %{{[0-9]+}})
// CHECK:         arith.maximumf
// CHECK:         call @layer.product(%[[FILTER]], {{.*}}, %{{[0-9]+}}, %c2{{(_[0-9]+)?}}, %c14{{(_[0-9]+)?}}, %{{[0-9]+}}, %{{[0-9]+}})
// CHECK:         call @layer.product(%[[FILTER]], {{.*}}, %{{[0-9]+}}, %c0{{(_[0-9]+)?}}, %c35{{(_[0-9]+)?}}, %{{[0-9]+}}, %{{[0-9]+}})
// CHECK:         arith.addf
// CHECK:         arith.addf
// CHECK:         arith.maximumf
// CHECK:         call @layer.product(%[[FILTER]], {{.*}}, %{{[0-9]+}}, %c0{{(_[0-9]+)?}}, %c42{{(_[0-9]+)?}}, %{{[0-9]+}}, %{{[0-9]+}})
// CHECK:         arith.maximumf
// CHECK:         call @layer.product(%[[FILTER]], {{.*}}, %{{[0-9]+}}, %c2{{(_[0-9]+)?}}, %c28{{(_[0-9]+)?}}, %{{[0-9]+}}, %{{[0-9]+}})
// CHECK:         arith.maximumf
func.func private @layer(%x: tensor<4x6x64xf32> {bufferization.writable = false}, %filter: tensor<4x64x16xf32> {bufferization.writable = false},
                         %bias: tensor<4x16xf32> {bufferization.writable = false}, %result: tensor<5x8x4x16xf32> {bufferization.writable = true}) -> tensor<5x8x4x16xf32> {
  %inside = tensor.extract_slice %result[1, 2, 0, 0] [4, 6, 4, 16] [1, 1, 1, 1] : tensor<5x8x4x16xf32> to tensor<4x6x4x16xf32>
  %start = linalg.generic {indexing_maps = [#channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%bias : tensor<4x16xf32>) outs(%inside : tensor<4x6x4x16xf32>) {
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
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = pixels0, algorithm = strassen<rows = 4, levels = 2, sums = compile>, prefetch>} {
  ^bb0(%out: f32):
    %zero = arith.constant 0.0 : f32
    %max = arith.maximumf %out, %zero : f32
    linalg.yield %max : f32
  } -> tensor<4x6x4x16xf32>
  %whole = tensor.insert_slice %relu into %result[1, 2, 0, 0] [4, 6, 4, 16] [1, 1, 1, 1] : tensor<4x6x4x16xf32> into tensor<5x8x4x16xf32>
  return %whole : tensor<5x8x4x16xf32>
}

// CHECK-LABEL:   func.func @network(
// CHECK-NOT:     tensor<4x64x16xf32>
// CHECK:         arith.constant {mobileone.weight_sums} dense_resource<{{.+}}> : tensor<49x16x16xf32>
// CHECK-COUNT-7: bufferization.alloc_tensor()
// CHECK:         call @layer
func.func @network(%x: tensor<4x6x64xf32>, %bias: tensor<4x16xf32>, %result: tensor<5x8x4x16xf32>) -> tensor<5x8x4x16xf32> {
  %filter = arith.constant dense<1.0> : tensor<4x64x16xf32>
  %0 = call @layer(%x, %filter, %bias, %result) : (tensor<4x6x64xf32>, tensor<4x64x16xf32>, tensor<4x16xf32>, tensor<5x8x4x16xf32>) -> tensor<5x8x4x16xf32>
  return %0 : tensor<5x8x4x16xf32>
}
