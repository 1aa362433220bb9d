// The network takes the caller's call, hands it to the hooks, and returns where
// end_layer says so.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-lower-layer-hooks | FileCheck %s

func.func private @begin_layer(i32)
func.func private @kernel(memref<16xf32>)
func.func private @end_layer(i32, index, index, index, index, index)

// CHECK: func.func private @begin_layer(!llvm.ptr, i32)
// CHECK: func.func private @kernel(memref<16xf32>)
// CHECK: func.func private @end_layer(!llvm.ptr, i32, !llvm.ptr, index, index, index, !llvm.ptr) -> i32

// CHECK-LABEL: func.func @network(
// CHECK-SAME:    %[[BUFFER:.+]]: memref<16xf32>, %[[CALL:.+]]: !llvm.ptr) -> i32
func.func @network(%buffer: memref<16xf32>) {
  %layer = arith.constant 7 : i32
  %padded = arith.constant 4096 : index
  %number = arith.constant 0 : index
  // CHECK-DAG:   %[[PADDED:.+]] = arith.constant 4096 : index
  // CHECK-DAG:   %[[NUMBER:.+]] = arith.constant 0 : index
  // CHECK:       call @begin_layer(%[[CALL]], %[[LAYER:.+]]) : (!llvm.ptr, i32) -> ()
  // CHECK-NEXT:  call @kernel(%[[BUFFER]])
  // Addresses are pointers from here on.
  // CHECK:       %[[ADDRESS:.+]] = arith.index_cast %[[PADDED]] : index to i64
  // CHECK-NEXT:  %[[POINTER:.+]] = llvm.inttoptr %[[ADDRESS]] : i64 to !llvm.ptr
  // CHECK:       %[[STATUS:.+]] = call @end_layer(%[[CALL]], %[[LAYER]], %[[POINTER]], %[[NUMBER]], %[[NUMBER]], %[[NUMBER]], %{{.+}}) :
  // CHECK:       %[[GOES_ON:.+]] = arith.cmpi eq, %[[STATUS]], %{{.+}} : i32
  // CHECK-NEXT:  cf.cond_br %[[GOES_ON]], ^[[AFTER:.+]], ^[[STOP:.+]]
  // CHECK-NEXT:  ^[[STOP]]:
  // CHECK-NEXT:  return %[[STATUS]] : i32
  call @begin_layer(%layer) : (i32) -> ()
  call @kernel(%buffer) : (memref<16xf32>) -> ()
  call @end_layer(%layer, %padded, %number, %number, %number, %number) : (i32, index, index, index, index, index) -> ()
  // CHECK-NEXT:  ^[[AFTER]]:
  // CHECK-NEXT:  call @kernel(%[[BUFFER]])
  // CHECK-NEXT:  %[[OK:.+]] = arith.constant 0 : i32
  // CHECK-NEXT:  return %[[OK]] : i32
  call @kernel(%buffer) : (memref<16xf32>) -> ()
  return
}

// -----

// expected-error @+1 {{'func.func' op expects a network without results}}
func.func @network(%status: i32) -> i32 {
  return %status : i32
}
