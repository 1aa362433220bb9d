// The last line of the plan tells how many bytes are alive at once, below which no
// plan can be.
// RUN: mobileone-opt %s --mobileone-plan-arena=print-plan -o /dev/null 2>&1 | FileCheck %s --match-full-lines

// The largest buffers first: the first, 256 bytes, and the last, also 256, take
// offset 0. The third, 192, is alive with the last and lies behind it. The
// second, 64, is alive with the first and with the third, and finds place only behind
// both. Yet never more than third and last are alive at once, 448 bytes.
// CHECK:           offset       size  life      buffer
// CHECK-NEXT:           0        256     4-4     memref<64xf32>
// CHECK-NEXT:         448         64     4-5     memref<16xf32>
// CHECK-NEXT:         256        192     5-6     memref<48xf32>
// CHECK-NEXT:           0        256     6-6     memref<64xf32>
// CHECK-NEXT: arena: 512 bytes, of which at most 448 are alive at once

func.func private @first_and_second(memref<64xf32>, memref<16xf32>)
func.func private @second_and_third(memref<16xf32>, memref<48xf32>)
func.func private @third_and_last(memref<48xf32>, memref<64xf32>)

func.func @gap() {
  %0 = memref.alloc() : memref<64xf32>
  %1 = memref.alloc() : memref<16xf32>
  %2 = memref.alloc() : memref<48xf32>
  %3 = memref.alloc() : memref<64xf32>
  call @first_and_second(%0, %1) : (memref<64xf32>, memref<16xf32>) -> ()
  call @second_and_third(%1, %2) : (memref<16xf32>, memref<48xf32>) -> ()
  call @third_and_last(%2, %3) : (memref<48xf32>, memref<64xf32>) -> ()
  return
}
