// A schedule that stands at an op is held to the registers, as one of a file is.
// RUN: not mobileone-opt %s --mobileone-schedule-kernels=isa=x86-64-v3 2>&1 | FileCheck %s --check-prefix=SPILLS
// SPILLS: own-schedule-spills.mlir:{{[0-9]+}}:{{.*}} error: 'linalg.generic' op expects sums in at most 16 registers of x86-64-v3, but got a tile of 18
// RUN: mobileone-opt %s --mobileone-schedule-kernels=isa=x86-64-v4 | FileCheck %s
// CHECK: mobileone.schedule = #mobileone.schedule<pixels = [9], panels = 1, lanes = 16, depth = [4], order = [pixels0, panels, lanes]>

#pixel = affine_map<(d0, d1, d2, d3) -> (d0, d3)>
#filter = affine_map<(d0, d1, d2, d3) -> (d1, d3, d2)>
#result = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
func.func private @matrix(%x: tensor<18x8xf32>, %w: tensor<2x8x16xf32>,
                          %r: tensor<18x2x16xf32>) -> tensor<18x2x16xf32> {
  // Nine sums of 16 lanes are 18 registers of 8, and 9 of 16.
  %0 = linalg.generic {indexing_maps = [#pixel, #filter, #result],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<18x8xf32>, tensor<2x8x16xf32>) outs(%r : tensor<18x2x16xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<pixels = [9], panels = 1, lanes = 16, depth = [4], order = [pixels0, panels, lanes]>} {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %sum, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<18x2x16xf32>
  return %0 : tensor<18x2x16xf32>
}
