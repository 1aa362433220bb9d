// A file of schedules says nothing but what it means: what is unknown or too much
// is an error that names the file and the kernel.
// RUN: rm -rf %t && mkdir %t
// RUN: echo '{nothing = [#mobileone.schedule<panels = 3, lanes = 16, order = [panels, lanes]>]}' > %t/kernel
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/kernel' 2>&1 | FileCheck %s --check-prefix=KERNEL
// RUN: echo '{copy = [#mobileone.schedule<panels = 3, lanes = 16, order = [panels, lanes], unroll>]}' > %t/field
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/field' 2>&1 | FileCheck %s --check-prefix=FIELD
// RUN: echo '{copy = [{order = array<i64: 0, 1>, tile = array<i64: 3, 16>}]}' > %t/old
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/old' 2>&1 | FileCheck %s --check-prefix=OLD
// RUN: echo '{copy = [7]}' > %t/entry
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/entry' 2>&1 | FileCheck %s --check-prefix=ENTRY
// RUN: echo '{copy = [#mobileone.schedule<pixels = [3], panels = 1, lanes = 16, order = [pixels0, panels, lanes]>]}' > %t/pixels
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/pixels' 2>&1 | FileCheck %s --check-prefix=PIXELS
// RUN: echo '{copy = [#mobileone.schedule<lanes = 16, order = [lanes]>]}' > %t/panels
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/panels' 2>&1 | FileCheck %s --check-prefix=PANELS
// RUN: echo '{copy = [#mobileone.schedule<panels = 3, lanes = 16, depth = [3], order = [panels, lanes]>]}' > %t/depth
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/depth' 2>&1 | FileCheck %s --check-prefix=DEPTH
// RUN: echo '{matrix = [#mobileone.schedule<pixels = [1], panels = 1, lanes = 16, depth = [3], order = [pixels0, panels, lanes]>]}' > %t/uneven
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/uneven' 2>&1 | FileCheck %s --check-prefix=UNEVEN
// RUN: echo '{matrix = [#mobileone.schedule<pixels = [1], panels = 1, lanes = 16, depth = [4], order = [pixels0, panels, lanes]>], shared = [#mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes], split = panels>, #mobileone.schedule<panels = 1, lanes = 16, order = [panels, lanes]>]}' > %t/split
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/split' 2>&1 | FileCheck %s --check-prefix=SPLIT
// RUN: echo '{copy = [#mobileone.schedule<panels = 3, lanes = 16, order = [panels, lanes], prefetch>]}' > %t/prefetch
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/prefetch' 2>&1 | FileCheck %s --check-prefix=PREFETCH
// RUN: echo '{copy = [#mobileone.schedule<panels = 3, lanes = 16, order = [panels, lanes]>]}, other = 1' > %t/behind
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/behind' 2>&1 | FileCheck %s --check-prefix=BEHIND
// RUN: echo '{}} { module {}' > %t/ops
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/ops' 2>&1 | FileCheck %s --check-prefix=OPS
// RUN: echo '{}} {} module attributes {a = 1' > %t/modules
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/modules' 2>&1 | FileCheck %s --check-prefix=MODULES
// RUN: echo '{copy = [#mobileone.schedule<panels = 3, lanes = 4611686018427387904, order = [panels, lanes]>]}' > %t/huge
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/huge' 2>&1 | FileCheck %s --check-prefix=HUGE
// RUN: echo '{matrix = [#mobileone.schedule<pixels = [9], panels = 1, lanes = 16, depth = [4], order = [pixels0, panels, lanes]>]}' > %t/sums
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/sums' 2>&1 | FileCheck %s --check-prefix=SUMS
// RUN: echo '{matrix = [#mobileone.schedule<pixels = [1], panels = 1, lanes = 16, depth = [8192], order = [pixels0, panels, lanes]>]}' > %t/steps
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/steps' 2>&1 | FileCheck %s --check-prefix=STEPS
// RUN: echo '{matrix = [#mobileone.schedule<pixels = [1], panels = 1, lanes = 16, depth = [1], order = [pixels0, panels, lanes], by_element>]}' > %t/element
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=armv8-a file=%t/element' 2>&1 | FileCheck %s --check-prefix=ELEMENT
// RUN: echo '{copy = [], copy = []}' > %t/twice
// RUN: not mobileone-opt %s --mobileone-schedule-kernels='isa=x86-64-v3 file=%t/twice' 2>&1 | FileCheck %s --check-prefix=TWICE

// KERNEL:    error: {{.*}}/kernel: expects names of kernels of this network, but got "nothing"
// FIELD:     {{.*}}/field:1:{{[0-9]+}}: error: expects pixels, {{.+}}, but got unroll
// OLD:       error: {{.*}}/old: copy expects a #mobileone.schedule, as --print-schedule and --tune write it, but got {order = array<i64: 0, 1>, tile = array<i64: 3, 16>}
// ENTRY:     error: {{.*}}/entry: copy expects a #mobileone.schedule, as --print-schedule and --tune write it, but got 7
// PIXELS:    error: {{.*}}/pixels: copy expects 0 sizes of pixels, 1 of panels and 0 of depth, but got #mobileone.schedule<pixels = [3],
// PANELS:    error: {{.*}}/panels: copy expects 0 sizes of pixels, 1 of panels and 0 of depth, but got #mobileone.schedule<lanes = 16,
// DEPTH:     error: {{.*}}/depth: copy expects 0 sizes of pixels, 1 of panels and 0 of depth, but got #mobileone.schedule<panels = 3, lanes = 16, depth = [3],
// UNEVEN:    error: {{.*}}/uneven: matrix expects steps of the depth that divide 8192, but got 3
// SPLIT:     error: {{.*}}/split: shared expects to split a kernel that does nothing else, but got #mobileone.schedule<
// PREFETCH:  error: {{.*}}/prefetch: copy expects a loop over the steps of a matrix to prefetch for, but got
// BEHIND:    error: {{.*}}/behind: expects {kernel = {{\[}}#mobileone.schedule<...>], ...}
// OPS:       error: {{.*}}/ops: expects {kernel = {{\[}}#mobileone.schedule<...>], ...}
// MODULES:   error: {{.*}}/modules: expects {kernel = {{\[}}#mobileone.schedule<...>], ...}
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
// PRINTED-NEXT: {{^}}  copy = [#mobileone.schedule<{{.+}}>],
// PRINTED-NEXT: {{^}}  // bands of 2 rows
// PRINTED-NEXT: {{^}}  "a \22b" = [#mobileone.schedule<{{.+}}>],
// PRINTED-NEXT: {{^}}  matrix = [#mobileone.schedule<{{.+}}>],
// PRINTED-NEXT: {{^}}  shared = [#mobileone.schedule<{{.+}}>, #mobileone.schedule<{{.+}}>]
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

// Of two ops, which both write what the kernel returns, none can be shared.
func.func private @shared(%x: tensor<4x16xf32>, %a: tensor<4x16xf32>, %b: tensor<4x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<4x16xf32>) outs(%a : tensor<4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x16xf32>
  %1 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<4x16xf32>) outs(%b : tensor<4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x16xf32>
  return %0, %1 : tensor<4x16xf32>, tensor<4x16xf32>
}
