// The network takes its weights as an argument, whoever has them.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-lower-weights | FileCheck %s

memref.global "private" constant @weights : memref<128xi8> = dense<1> {alignment = 64 : i64}
func.func private @kernel(memref<16xf32>)

// CHECK-NOT:   memref.global
// CHECK-LABEL: func.func @network(
// CHECK-SAME:    %{{.+}}: memref<64xi8>, %[[WEIGHTS:.+]]: memref<128xi8>)
func.func @network(%arena: memref<64xi8>) {
  %zero = arith.constant 0 : index
  %half = arith.constant 64 : index
  %first = memref.get_global @weights : memref<128xi8>
  %a = memref.view %first[%zero][] : memref<128xi8> to memref<16xf32>
  // CHECK: memref.view %[[WEIGHTS]]
  call @kernel(%a) : (memref<16xf32>) -> ()
  %second = memref.get_global @weights : memref<128xi8>
  %b = memref.view %second[%half][] : memref<128xi8> to memref<16xf32>
  // CHECK: memref.view %[[WEIGHTS]]
  call @kernel(%b) : (memref<16xf32>) -> ()
  return
}

// -----

// A network without weights is called in the same way.
// CHECK-LABEL: func.func @network(
// CHECK-SAME:    %{{.+}}: memref<64xi8>, %{{.+}}: memref<0xi8>)
func.func @network(%arena: memref<64xi8>) {
  return
}

// -----

// A kernel is given its weights: it would read those of another network's call.
memref.global "private" constant @weights : memref<128xi8> = dense<1>
func.func private @kernel() -> memref<128xi8> {
  // expected-error@+1 {{expects only the network to use the weights}}
  %weights = memref.get_global @weights : memref<128xi8>
  return %weights : memref<128xi8>
}
func.func @network(%arena: memref<64xi8>) {
  return
}

// -----

memref.global "private" constant @weights : memref<128xi8> = dense<1>
// expected-error@+1 {{expects all weights in one global}}
memref.global "private" constant @more : memref<128xi8> = dense<1>
