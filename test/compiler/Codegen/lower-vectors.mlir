// Transfers become plain loads and stores, exp and erf arithmetic: no call of a
// mathematics library is left.
// RUN: mobileone-opt %s --mobileone-lower-vectors | FileCheck %s

// CHECK-LABEL: func.func @transfers(
// CHECK-SAME:    %[[X:.+]]: memref<4x16xf32>)
func.func @transfers(%x: memref<4x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %row = arith.constant 2 : index
  %start = arith.constant 0 : index
  // CHECK: %[[V:.+]] = vector.load %[[X]][%{{.+}}, %{{.+}}] : memref<4x16xf32>, vector<16xf32>
  %0 = vector.transfer_read %x[%row, %start], %zero {in_bounds = [true]} : memref<4x16xf32>, vector<16xf32>
  // CHECK: vector.store %[[V]], %[[X]][%{{.+}}, %{{.+}}] : memref<4x16xf32>, vector<16xf32>
  vector.transfer_write %0, %x[%start, %start] {in_bounds = [true]} : vector<16xf32>, memref<4x16xf32>
  return
}

// CHECK-LABEL: func.func @exponential(
// CHECK-NOT:     math.{{exp|fma}}
// CHECK:         vector.fma
// CHECK-NOT:     math.{{exp|fma}}
// CHECK:         return
func.func @exponential(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.exp %x : vector<16xf32>
  return %0 : vector<16xf32>
}

// CHECK-LABEL: func.func @error_function(
// CHECK-NOT:     math.{{erf|fma}}
// CHECK:         vector.fma
// CHECK-NOT:     math.{{erf|fma}}
// CHECK:         return
func.func @error_function(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.erf %x : vector<16xf32>
  return %0 : vector<16xf32>
}
