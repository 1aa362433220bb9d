// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-plan-arena

func.func @control_flow(%count: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  // expected-error @+1 {{'scf.for' op expects no control flow in the network}}
  scf.for %i = %zero to %count step %one {
  }
  return
}

// -----

// expected-error @+1 {{'func.func' op expects a straight line of calls}}
func.func @blocks() {
  cf.br ^next
^next:
  return
}

// -----

func.func @dynamic(%size: index) {
  // expected-error @+1 {{'memref.alloc' op expects a static, dense buffer, but got 'memref<?xf32>'}}
  %0 = memref.alloc(%size) : memref<?xf32>
  return
}

// -----

func.func @strided() {
  // expected-error @+1 {{'memref.alloc' op expects a static, dense buffer, but got 'memref<4x4xf32, strided<[8, 1]>>'}}
  %0 = memref.alloc() : memref<4x4xf32, strided<[8, 1]>>
  return
}
