// The buffers of outputs, one argument each, become one table of their addresses.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-lower-outputs | FileCheck %s

// CHECK-LABEL: llvm.func @network(
// CHECK-SAME:    %{{[^:]+}}: !llvm.ptr, %{{[^:]+}}: i64, %[[TABLE:[^:]+]]: !llvm.ptr, %[[ARENA:[^:]+]]: !llvm.ptr, %{{[^:]+}}: !llvm.ptr, %{{[^:]+}}: !llvm.ptr) -> i32
llvm.func @network(%input: !llvm.ptr, %stride: i64, %a: !llvm.ptr, %b: !llvm.ptr, %arena: !llvm.ptr, %weights: !llvm.ptr, %image: !llvm.ptr) -> i32 {
  // CHECK-DAG:  %[[AT0:.+]] = llvm.getelementptr %[[TABLE]][0] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  // CHECK-DAG:  %[[A:.+]] = llvm.load %[[AT0]] : !llvm.ptr -> !llvm.ptr
  // CHECK-DAG:  %[[AT1:.+]] = llvm.getelementptr %[[TABLE]][1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  // CHECK-DAG:  %[[B:.+]] = llvm.load %[[AT1]] : !llvm.ptr -> !llvm.ptr
  // CHECK:      llvm.call @kernel(%[[B]], %[[A]], %[[ARENA]])
  llvm.call @kernel(%b, %a, %arena) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  %0 = llvm.mlir.constant(0 : i32) : i32
  llvm.return %0 : i32
}
llvm.func @kernel(!llvm.ptr, !llvm.ptr, !llvm.ptr) attributes {sym_visibility = "private"}

// -----

// expected-error @below {{'llvm.func' op expects at least 6 arguments of a network, but got '!llvm.func<i32 (ptr)>'}}
llvm.func @network(%input: !llvm.ptr) -> i32 {
  %0 = llvm.mlir.constant(0 : i32) : i32
  llvm.return %0 : i32
}

// -----

// expected-error @below {{'llvm.func' op expects 2 outputs from argument 2 on, but got}}
llvm.func @network(%input: !llvm.ptr, %stride: i64, %a: !llvm.ptr, %b: i64, %arena: !llvm.ptr, %weights: !llvm.ptr, %image: !llvm.ptr) -> i32 {
  %0 = llvm.mlir.constant(0 : i32) : i32
  llvm.return %0 : i32
}
