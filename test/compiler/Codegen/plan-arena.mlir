// Buffers that are not alive together share bytes of one arena; those that are
// do not.
// RUN: mobileone-opt %s --mobileone-plan-arena=print-plan -o %t 2> %t.plan
// RUN: FileCheck %s < %t
// RUN: FileCheck %s --check-prefix=PLAN --match-full-lines < %t.plan

// The first, 256 bytes, and the second, 512, are alive together in @layer of the
// second; the first is dead when the third, 256, is written. The largest comes
// first and takes offset 0; the two others both fit behind it.
// PLAN:           offset       size  life      buffer
// PLAN-NEXT:         512        256     3-4     memref<64xf32>
// PLAN-NEXT:           0        512     4-5     memref<128xf32>
// PLAN-NEXT:         512        256     5-6     memref<64xf32>
// PLAN-NEXT: arena: 768 bytes, of which at most 768 are alive at once

func.func private @first(memref<64xf32>)
func.func private @second(memref<64xf32>, memref<128xf32>)
func.func private @third(memref<128xf32>, memref<64xf32>)
func.func private @last(memref<64xf32>)

// CHECK-LABEL: func.func @chain(
// CHECK-SAME:    %[[ARENA:.+]]: memref<768xi8>)
func.func @chain() {
  // CHECK-DAG: %[[AT_512:.+]] = arith.constant 512 : index
  // CHECK-DAG: %[[FIRST:.+]] = memref.view %[[ARENA]][%[[AT_512]]][] : memref<768xi8> to memref<64xf32>
  %0 = memref.alloc() : memref<64xf32>
  // CHECK-DAG: %[[AT_0:.+]] = arith.constant 0 : index
  // CHECK-DAG: %[[SECOND:.+]] = memref.view %[[ARENA]][%[[AT_0]]][] : memref<768xi8> to memref<128xf32>
  %1 = memref.alloc() : memref<128xf32>
  %2 = memref.alloc() : memref<64xf32>
  // CHECK-NOT: memref.alloc
  // CHECK:     call @first(%[[FIRST]])
  // CHECK:     call @second(%[[FIRST]], %[[SECOND]])
  call @first(%0) : (memref<64xf32>) -> ()
  call @second(%0, %1) : (memref<64xf32>, memref<128xf32>) -> ()
  call @third(%1, %2) : (memref<128xf32>, memref<64xf32>) -> ()
  call @last(%2) : (memref<64xf32>) -> ()
  return
}
