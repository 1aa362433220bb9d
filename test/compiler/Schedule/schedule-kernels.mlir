// Every chain gets its schedule on its last op: chosen for the level, named in a
// file by the kernel's name, or what stands there already.
// RUN: mobileone-opt %s --mobileone-schedule-kernels=isa=x86-64-v4 | FileCheck %s
// RUN: echo '// A comment.' > %t
// RUN: echo '{copy = [#mobileone.schedule<panels = 3, lanes = 16, order = [panels, lanes]>]} // Another one.' >> %t
// RUN: mobileone-opt %s --mobileone-schedule-kernels=file=%t | FileCheck %s --check-prefix=FILE
// RUN: mobileone-opt %s --mobileone-schedule-kernels=print -o /dev/null 2>&1 | FileCheck %s --check-prefix=PRINT
// RUN: not mobileone-opt %s --mobileone-schedule-kernels=isa=x86-64-v5 2>&1 | FileCheck %s --check-prefix=ISA
// RUN: not mobileone-opt %s --mobileone-schedule-kernels=file=%t.none 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: echo '7' > %t.number
// RUN: not mobileone-opt %s --mobileone-schedule-kernels=file=%t.number 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: echo '{' > %t.syntax
// RUN: echo '  copy = ]}' >> %t.syntax
// RUN: not mobileone-opt %s --mobileone-schedule-kernels=file=%t.syntax 2>&1 | FileCheck %s --check-prefix=SYNTAX
// RUN: echo '{copy = 5}' > %t.list
// RUN: not mobileone-opt %s --mobileone-schedule-kernels=file=%t.list 2>&1 | FileCheck %s --check-prefix=LIST

// LIST:   error: {{.*}}.list: copy expects a list of 1 schedules, but got 5
// ISA:    error: expects a known ISA level, but got x86-64-v5; known are x86-64-v2, x86-64-v3, x86-64-v4
// NONE:   error: {{.*}}.none: expects a readable file, but got No such file or directory
// NUMBER: error: {{.*}}.number: expects {kernel = {{\[}}#mobileone.schedule<...>], ...}
// SYNTAX: {{.*}}.syntax:2:9: error: expected attribute value
// What works in bands says so, as a comment, which a file may keep.
// PRINT:       copy = [#mobileone.schedule<panels = {{[0-9]+}}, lanes = 16, order = {{.+}}>]
// PRINT-NEXT:  // bands of 2 rows
// PRINT-NEXT:  banded = [#mobileone.schedule<

#identity = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func private @copy(
// FILE-LABEL:  func.func private @copy(
func.func private @copy(%x: tensor<3x32xf32>, %result: tensor<3x32xf32>) -> tensor<3x32xf32> {
  // CHECK:    mobileone.schedule = #mobileone.schedule<panels = {{[0-9]+}}, lanes = 16, order = [{{.+}}, {{.+}}]>
  // FILE:     mobileone.schedule = #mobileone.schedule<panels = 3, lanes = 16, order = [panels, lanes]>
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x32xf32>) outs(%result : tensor<3x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x32xf32>
  return %0 : tensor<3x32xf32>
}

func.func private @banded(%x: tensor<3x32xf32>, %result: tensor<3x32xf32>) -> tensor<3x32xf32> attributes {mobileone.band_rows = 2 : index} {
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x32xf32>) outs(%result : tensor<3x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x32xf32>
  return %0 : tensor<3x32xf32>
}

// CHECK-LABEL: func.func private @scheduled(
// FILE-LABEL:  func.func private @scheduled(
func.func private @scheduled(%x: tensor<3x32xf32>, %result: tensor<3x32xf32>) -> tensor<3x32xf32> {
  // CHECK:    mobileone.schedule = #mobileone.schedule<panels = 2, lanes = 16, order = [lanes, panels]>
  %0 = linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x32xf32>) outs(%result : tensor<3x32xf32>)
      attrs = {mobileone.schedule = #mobileone.schedule<panels = 2, lanes = 16, order = [lanes, panels]>} {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3x32xf32>
  return %0 : tensor<3x32xf32>
}
