// A view keeps the buffer alive that it looks into, and each buffer starts at a
// cache line.
// RUN: mobileone-opt %s --mobileone-plan-arena=print-plan -o /dev/null 2>&1 | FileCheck %s --match-full-lines

// CHECK:           offset       size  life      buffer
// 20 bytes take 64. The view is read at 5, when the second is alive, too.
// CHECK-NEXT:           0         64     2-5     memref<5xf32>
// CHECK-NEXT:          64         64     4-5     memref<16xf32>
// CHECK-NEXT: arena: 128 bytes, of which at most 128 are alive at once

func.func private @write(memref<5xf32>)
func.func private @write16(memref<16xf32>)
func.func private @read(memref<1x5xf32>, memref<16xf32>)

func.func @view() {
  %0 = memref.alloc() : memref<5xf32>
  %1 = memref.alloc() : memref<16xf32>
  call @write(%0) : (memref<5xf32>) -> ()
  %2 = memref.expand_shape %0 [[0, 1]] output_shape [1, 5] : memref<5xf32> into memref<1x5xf32>
  call @write16(%1) : (memref<16xf32>) -> ()
  call @read(%2, %1) : (memref<1x5xf32>, memref<16xf32>) -> ()
  return
}
