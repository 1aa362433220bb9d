// All constants become views of one global, each at a multiple of 64 bytes, and
// equal ones the same view.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-merge-weights | FileCheck %s

// CHECK:     memref.global "private" constant @weights : memref<192xi8> = dense_resource<[[$WEIGHTS:.+]]> {alignment = 64 : i64}
// CHECK-NOT: memref.global

// CHECK-LABEL: func.func @use(
func.func @use() -> (tensor<3xf32>, tensor<2x16xf32>, tensor<3xf32>) {
  // CHECK: %[[BASE:.+]] = memref.get_global @weights : memref<192xi8>
  // CHECK: %[[AT_0:.+]] = arith.constant 0 : index
  // CHECK: %[[VIEW:.+]] = memref.view %[[BASE]][%[[AT_0]]][] : memref<192xi8> to memref<3xf32>
  // CHECK: %[[FIRST:.+]] = bufferization.to_tensor %[[VIEW]] restrict : memref<3xf32> to tensor<3xf32>
  %first = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  // CHECK: %[[AT_64:.+]] = arith.constant 64 : index
  // CHECK: %{{.+}} = memref.view %{{.+}}[%[[AT_64]]][] : memref<192xi8> to memref<2x16xf32>
  %second = arith.constant dense<4.0> : tensor<2x16xf32>
  // CHECK: %[[AGAIN:.+]] = arith.constant 0 : index
  // CHECK: %{{.+}} = memref.view %{{.+}}[%[[AGAIN]]][] : memref<192xi8> to memref<3xf32>
  %third = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  return %first, %second, %third : tensor<3xf32>, tensor<2x16xf32>, tensor<3xf32>
}
// 1, 2, 3, then zeros up to byte 64 (13 words), then 32 words of 4.
// CHECK: [[$WEIGHTS]]: "0x400000000000803F0000004000004040{{(0{104})(00008040)+}}"

// -----

// A number is no weight: it stays.
// CHECK-LABEL: func.func @number(
// CHECK-NEXT:    arith.constant 1.000000e+00 : f32
func.func @number() -> f32 {
  %one = arith.constant 1.0 : f32
  return %one : f32
}

// -----

func.func @integers() -> tensor<4xi16> {
  // expected-error @+1 {{'arith.constant' op expects a constant of f32, i8 or i32 with its data here}}
  %integers = arith.constant dense<1> : tensor<4xi16>
  return %integers : tensor<4xi16>
}

// -----

// Five of 2^28 bytes are above 2^30.
module {
  func.func @many() {
    %1 = arith.constant dense<1.0> : tensor<67108864xf32>
    %2 = arith.constant dense<2.0> : tensor<67108864xf32>
    %3 = arith.constant dense<3.0> : tensor<67108864xf32>
    %4 = arith.constant dense<4.0> : tensor<67108864xf32>
    // expected-error @+1 {{expects at most 1073741824 bytes of weights, but got more with this constant}}
    %5 = arith.constant dense<5.0> : tensor<67108864xf32>
    return
  }
}
