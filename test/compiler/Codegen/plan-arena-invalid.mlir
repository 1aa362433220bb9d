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

// -----

func.func @complex() {
  // expected-error @+1 {{'memref.alloc' op expects numbers of whole bytes, but got 'memref<4xcomplex<f32>>'}}
  %0 = memref.alloc() : memref<4xcomplex<f32>>
  return
}

// -----

func.func @index() {
  // expected-error @+1 {{'memref.alloc' op expects numbers of whole bytes, but got 'memref<4xindex>'}}
  %0 = memref.alloc() : memref<4xindex>
  return
}

// -----

func.func @bits() {
  // expected-error @+1 {{'memref.alloc' op expects numbers of whole bytes, but got 'memref<9xi1>'}}
  %0 = memref.alloc() : memref<9xi1>
  return
}

// -----

func.func @huge() {
  // expected-error @+1 {{'memref.alloc' op expects at most 140737488355328 bytes, but got 'memref<4294967296x4294967296xf32>'}}
  %0 = memref.alloc() : memref<4294967296x4294967296xf32>
  return
}

// -----

func.func @aligned() {
  // expected-error @+1 {{'memref.alloc' op expects an alignment of at most 64, but got 4096}}
  %0 = memref.alloc() {alignment = 4096 : i64} : memref<4xf32>
  return
}

// -----

func.func @freed() {
  %0 = memref.alloc() : memref<4xf32>
  // expected-error @+1 {{'memref.dealloc' op expects buffers that stay, as parts of an arena}}
  memref.dealloc %0 : memref<4xf32>
  return
}

// -----

func.func @network() {
  // expected-error @+1 {{'func.call' op expects no use of the network, but got @network}}
  call @network() : () -> ()
  return
}
