// A file of schedules says nothing but what it means: what is unknown or too much
// is an error that names the file and the kernel.
// RUN: rm -rf %t && mkdir %t
// RUN: echo '{nothing = [{order = array<i64: 0, 1>, tile = array<i64: 3, 16>}]}' > %t/kernel
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/kernel' 2>&1 | FileCheck %s --check-prefix=KERNEL
// RUN: echo '{copy = [{order = array<i64: 0, 1>, tile = array<i64: 3, 16>, unroll = 4}]}' > %t/field
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/field' 2>&1 | FileCheck %s --check-prefix=FIELD
// RUN: echo '{copy = [{hoist = false, order = array<i64: 0, 1>, tile = array<i64: 3, 16>}]}' > %t/hoist
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/hoist' 2>&1 | FileCheck %s --check-prefix=HOIST
// RUN: echo '{copy = [{order = array<i64: 0, 1>, prefetch = 1, tile = array<i64: 3, 16>}]}' > %t/prefetch
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/prefetch' 2>&1 | FileCheck %s --check-prefix=PREFETCH
// RUN: echo '{copy = [{order = [0, 1], tile = array<i64: 3, 16>}]}' > %t/list
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/list' 2>&1 | FileCheck %s --check-prefix=LIST
// RUN: echo '{copy = [{order = array<i32: 0, 1>, tile = array<i64: 3, 16>}]}' > %t/width
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/width' 2>&1 | FileCheck %s --check-prefix=WIDTH
// RUN: echo '{copy = [{order = array<i64: 0, 1>, reduction = 3, tile = array<i64: 3, 16>}]}' > %t/reduction
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/reduction' 2>&1 | FileCheck %s --check-prefix=REDUCTION
// RUN: echo '{copy = [{order = array<i64: 0, 1>, split = 0 : i8, tile = array<i64: 3, 16>}]}' > %t/split
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/split' 2>&1 | FileCheck %s --check-prefix=SPLIT
// RUN: echo '{copy = [7]}' > %t/entry
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/entry' 2>&1 | FileCheck %s --check-prefix=ENTRY
// RUN: echo '{copy = [{order = array<i64: 0, 1>, tile = array<i64: 3, 16>}]}, other = 1' > %t/behind
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/behind' 2>&1 | FileCheck %s --check-prefix=BEHIND
// RUN: echo '{}} { module {}' > %t/ops
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/ops' 2>&1 | FileCheck %s --check-prefix=OPS
// RUN: echo '{}} {} module attributes {a = 1' > %t/modules
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/modules' 2>&1 | FileCheck %s --check-prefix=MODULES
// RUN: echo '{copy = [{order = array<i64: 0, 1>, tile = array<i64: 3, 4611686018427387904>}]}' > %t/huge
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/huge' 2>&1 | FileCheck %s --check-prefix=HUGE
// RUN: echo '{matrix = [{order = array<i64: 0, 1, 2>, reduction = array<i64: 4>, tile = array<i64: 9, 1, 16>}]}' > %t/sums
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/sums' 2>&1 | FileCheck %s --check-prefix=SUMS
// RUN: echo '{matrix = [{order = array<i64: 0, 1, 2>, reduction = array<i64: 8192>, tile = array<i64: 1, 1, 16>}]}' > %t/steps
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/steps' 2>&1 | FileCheck %s --check-prefix=STEPS
// RUN: echo '{matrix = [{by_element, order = array<i64: 0, 1, 2>, reduction = array<i64: 1>, tile = array<i64: 1, 1, 16>}]}' > %t/element
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=armv8-a file=%t/element' 2>&1 | FileCheck %s --check-prefix=ELEMENT
// RUN: echo '{copy = [], copy = []}' > %t/twice
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/twice' 2>&1 | FileCheck %s --check-prefix=TWICE

// KERNEL:    error: {{.*}}/kernel: expects names of kernels of this network, but got "nothing"
// FIELD:     error: {{.*}}/field: copy expects tile, order, reduction, hoist, prefetch, by_element or split, but got unroll
// HOIST:     error: {{.*}}/hoist: copy expects hoist without a value, but got false
// PREFETCH:  error: {{.*}}/prefetch: copy expects prefetch without a value, but got 1 : i64
// LIST:      error: {{.*}}/list: copy expects a schedule with a tile and an order of 2 and a reduction of 0 numbers, but got
// WIDTH:     error: {{.*}}/width: copy expects a schedule with a tile and an order of 2 and a reduction of 0 numbers, but got
// REDUCTION: error: {{.*}}/reduction: copy expects a schedule with a tile and an order of 2 and a reduction of 0 numbers, but got
// SPLIT:     error: {{.*}}/split: copy expects to split a parallel dimension of a kernel that does nothing else, but got
// ENTRY:     error: {{.*}}/entry: copy expects a dictionary as schedule, but got 7
// BEHIND:    error: {{.*}}/behind: expects {kernel = [{order = ..., tile = ...}], ...}
// OPS:       error: {{.*}}/ops: expects {kernel = [{order = ..., tile = ...}], ...}
// MODULES:   error: {{.*}}/modules: expects {kernel = [{order = ..., tile = ...}], ...}
// HUGE:      error: {{.*}}/huge: copy expects a tile of at most 512 elements, but got
// SUMS:      error: {{.*}}/sums: matrix expects sums in at most 16 registers of x86-64-v3, but got a tile of 18
// STEPS:     error: {{.*}}/steps: matrix expects at most 4096 vectors of arithmetic in a tile, but got
// ELEMENT:   error: {{.*}}/element: matrix expects steps of a matrix that lie side by side for each pixel, but got
// TWICE:     error: duplicate key 'copy' in dictionary attribute

// What is printed is such a file.
// RUN: mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 print' -o %t/chosen.mlir 2> %t/printed
// RUN: FileCheck %s --check-prefix=PRINTED < %t/printed
// RUN: mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/printed print' -o %t/read.mlir 2> %t/again
// RUN: diff %t/printed %t/again
// RUN: diff %t/chosen.mlir %t/read.mlir
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v2 file=%t/printed' 2>&1 | FileCheck %s --check-prefix=LEVEL
// LEVEL: error: {{.*}}/printed: expects schedules for x86-64-v2, but got those for x86-64-v3
// PRINTED:      {{^}}// Schedules for x86-64-v3.
// PRINTED-NEXT: {{^[{]$}}
// PRINTED-NEXT: {{^}}  copy = [{order = {{.+}}}],
// PRINTED-NEXT: {{^}}  // bands of 2 rows
// PRINTED-NEXT: {{^}}  "a \22b" = [{order = {{.+}}}],
// PRINTED-NEXT: {{^}}  matrix = [{order = {{.+}}}]
// PRINTED-NEXT: {{^[}]$}}

#identity = affine_map<(d0, d1) -> (d0, d1)>
func.func private @copy(%x: tensor<3x32xf32>, %result: tensor<3x32xf32>) -> tensor<3x32xf32> {
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x32xf32>) outs(%result : tensor<3x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x32xf32>
  return %0 : tensor<3x32xf32>
}

func.func private @"a \22b"(%x: tensor<3x32xf32>, %result: tensor<3x32xf32>) -> tensor<3x32xf32> attributes {mobileone.band_rows = 2 : index} {
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x32xf32>) outs(%result : tensor<3x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x32xf32>
  return %0 : tensor<3x32xf32>
}

func.func private @matrix(%x: tensor<32x8192xf32>, %w: tensor<1x8192x16xf32>, %r: tensor<32x1x16xf32>) -> tensor<32x1x16xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(h, p, n, k) -> (h, k)>, affine_map<(h, p, n, k) -> (p, k, n)>, affine_map<(h, p, n, k) -> (h, p, n)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<32x8192xf32>, tensor<1x8192x16xf32>) outs(%r : tensor<32x1x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %c, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<32x1x16xf32>
  return %0 : tensor<32x1x16xf32>
}
