// More vectors than the registers of x86-64-v2 hold: one at a time always goes.
// RUN: mobileone-opt %s --mobileone-schedule-kernels=isa=x86-64-v2 | FileCheck %s

#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func private @four(%x: tensor<4x32xf32>, %r: tensor<4x32xf32>) -> tensor<4x32xf32> {
  // CHECK: mobileone.schedule = #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes]>
  %0 = linalg.generic {indexing_maps = [#identity, #identity, #identity, #identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x, %x, %x, %x : tensor<4x32xf32>, tensor<4x32xf32>, tensor<4x32xf32>, tensor<4x32xf32>)
      outs(%r : tensor<4x32xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32, %out: f32):
    %ab = arith.addf %a, %b : f32
    %cd = arith.addf %c, %d : f32
    %sum = arith.addf %ab, %cd : f32
    linalg.yield %sum : f32
  } -> tensor<4x32xf32>
  return %0 : tensor<4x32xf32>
}
