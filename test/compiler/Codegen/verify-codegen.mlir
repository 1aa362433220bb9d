// The promise of the vector stage: loops over vectors on static buffers.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-verify-codegen

func.func @vectors(%x: memref<64xf32>) {
  %zero = arith.constant 0 : index
  %end = arith.constant 64 : index
  %step = arith.constant 16 : index
  scf.for %i = %zero to %end step %step {
    scf.for %j = %zero to %end step %step {
      %0 = vector.load %x[%j] : memref<64xf32>, vector<16xf32>
      %1 = arith.addf %0, %0 : vector<16xf32>
      vector.store %1, %x[%i] : memref<64xf32>, vector<16xf32>
    }
  }
  return
}

// -----

func.func @scalar_loop(%x: memref<64xf32>) {
  %zero = arith.constant 0 : index
  %end = arith.constant 64 : index
  %step = arith.constant 1 : index
  // expected-error @+1 {{'scf.for' op expects vectors in every innermost loop}}
  scf.for %i = %zero to %end step %step {
    %0 = memref.load %x[%i] : memref<64xf32>
    // expected-note @+1 {{scalar arithmetic is left here}}
    %1 = arith.addf %0, %0 : f32
    memref.store %1, %x[%i] : memref<64xf32>
  }
  return
}

// -----

// A copy, element by element.
func.func @scalar_copy(%x: memref<64xf32>, %y: memref<64xf32>) {
  %zero = arith.constant 0 : index
  %end = arith.constant 64 : index
  %step = arith.constant 1 : index
  // expected-error @+1 {{'scf.for' op expects vectors in every innermost loop}}
  scf.for %i = %zero to %end step %step {
    %0 = memref.load %x[%i] : memref<64xf32>
    memref.store %0, %y[%i] : memref<64xf32>
  }
  return
}

// -----

// Vectors beside scalars do not excuse them.
func.func @half_scalar_loop(%x: memref<64xf32>) {
  %zero = arith.constant 0 : index
  %end = arith.constant 48 : index
  %step = arith.constant 1 : index
  // expected-error @+1 {{'scf.for' op expects vectors in every innermost loop}}
  scf.for %i = %zero to %end step %step {
    %0 = vector.load %x[%i] : memref<64xf32>, vector<16xf32>
    vector.store %0, %x[%i] : memref<64xf32>, vector<16xf32>
    %1 = memref.load %x[%i] : memref<64xf32>
    // expected-note @+1 {{scalar arithmetic is left here}}
    %2 = arith.mulf %1, %1 : f32
    memref.store %2, %x[%i] : memref<64xf32>
  }
  return
}

// -----

func.func @allocation() {
  // expected-error @+1 {{'memref.alloc' op expects no allocation after codegen}}
  %0 = memref.alloc() : memref<64xf32>
  return
}

// -----

#identity = affine_map<(d0) -> (d0)>
func.func @linalg_op(%x: memref<64xf32>) {
  // expected-error @+1 {{op expects no linalg op after codegen}}
  linalg.generic {indexing_maps = [#identity], iterator_types = ["parallel"]} outs(%x : memref<64xf32>) { ^bb0(%out: f32): linalg.yield %out : f32 }
  return
}

// -----

func.func @tensor() {
  // expected-error @+1 {{'arith.constant' op expects no tensors after codegen, but got 'tensor<4xf32>'}}
  %0 = arith.constant dense<0.0> : tensor<4xf32>
  return
}

// -----

func.func @dynamic_shape(%x: memref<64xf32>) {
  // expected-error @+1 {{'memref.cast' op expects static shapes after codegen, but got 'memref<?xf32>'}}
  %0 = memref.cast %x : memref<64xf32> to memref<?xf32>
  return
}
