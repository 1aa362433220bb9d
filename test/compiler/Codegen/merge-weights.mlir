// All constants become views of one global, each at a multiple of 64 bytes.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-merge-weights | FileCheck %s

// CHECK:     memref.global "private" constant @weights : memref<192xi8> = dense_resource<[[$WEIGHTS:.+]]> {alignment = 64 : i64}
// CHECK-NOT: memref.global
memref.global "private" constant @first : memref<3xf32> = dense<[1.0, 2.0, 3.0]>
memref.global "private" constant @second : memref<2x16xf32> = dense<4.0>

// CHECK-LABEL: func.func @use(
func.func @use() -> (memref<2x16xf32>, memref<3xf32>) {
  // CHECK: %[[BASE:.+]] = memref.get_global @weights : memref<192xi8>
  // CHECK: %[[AT_64:.+]] = arith.constant 64 : index
  // CHECK: %[[SECOND:.+]] = memref.view %[[BASE]][%[[AT_64]]][] : memref<192xi8> to memref<2x16xf32>
  %second = memref.get_global @second : memref<2x16xf32>
  // CHECK: %[[AT_0:.+]] = arith.constant 0 : index
  // CHECK: %[[FIRST:.+]] = memref.view %{{.+}}[%[[AT_0]]][] : memref<192xi8> to memref<3xf32>
  %first = memref.get_global @first : memref<3xf32>
  // CHECK: return %[[SECOND]], %[[FIRST]]
  return %second, %first : memref<2x16xf32>, memref<3xf32>
}
// 1, 2, 3, then zeros up to byte 64 (13 words), then 32 words of 4.
// CHECK: [[$WEIGHTS]]: "0x400000000000803F0000004000004040{{(0{104})(00008040)+}}"

// -----

// A variable is not a weight: it stays.
// CHECK-LABEL: memref.global "private" @variable : memref<4xf32>
memref.global "private" @variable : memref<4xf32> = dense<0.0>

// -----

// expected-error @+1 {{'memref.global' op expects a constant of f32 with its data here}}
memref.global "private" constant @integers : memref<4xi32> = dense<1>
