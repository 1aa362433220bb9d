// Where workers can share a kernel, the network hands it to run_parts, with its
// operands in an array.
// RUN: mobileone-opt %s --mobileone-lower-shared-calls | FileCheck %s

llvm.func @kernel(%x: !llvm.ptr, %stride: i64, %y: !llvm.ptr, %begin: i64, %end: i64)
    attributes {sym_visibility = "private", mobileone.units = 28 : index} {
  llvm.return
}
// CHECK-LABEL: llvm.func @kernel.part(
// CHECK-SAME:    %[[OPERANDS:[^:]+]]: !llvm.ptr, %[[BEGIN:[^:]+]]: i64, %[[END:[^:]+]]: i64, %{{[^:]+}}: !llvm.ptr, %{{[^:]+}}: !llvm.ptr)
// CHECK-SAME:    sym_visibility = "private"
// CHECK:         %[[X_PLACE:.+]] = llvm.getelementptr %[[OPERANDS]][0]
// CHECK-NEXT:    %[[X:.+]] = llvm.load %[[X_PLACE]]
// CHECK-NEXT:    %[[STRIDE_PLACE:.+]] = llvm.getelementptr %[[OPERANDS]][1]
// CHECK-NEXT:    %[[STRIDE:.+]] = llvm.load %[[STRIDE_PLACE]] : !llvm.ptr -> i64
// CHECK-NEXT:    %[[Y_PLACE:.+]] = llvm.getelementptr %[[OPERANDS]][2]
// CHECK-NEXT:    %[[Y:.+]] = llvm.load %[[Y_PLACE]] : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:    llvm.call @kernel(%[[X]], %[[STRIDE]], %[[Y]], %[[BEGIN]], %[[END]])

// Buffers of a worker and of a share, where there are blocks of them: in a block
// come those of shares first, each at a multiple of 64 bytes.
llvm.func @bands(%x: !llvm.ptr, %tail: !llvm.ptr {mobileone.share_bytes = 100 : index},
                 %rows: !llvm.ptr {mobileone.worker_bytes = 640 : index},
                 %carry: !llvm.ptr {mobileone.worker_bytes = 8 : index}, %begin: i64, %end: i64)
    attributes {sym_visibility = "private", mobileone.units = 9 : index} {
  llvm.return
}
// CHECK-LABEL: llvm.func @bands(
// CHECK-NOT:     bytes
// CHECK-LABEL: llvm.func @bands.part(
// CHECK-SAME:    %[[WORKER:[^:]+]]: !llvm.ptr, %[[SHARE:[^:]+]]: !llvm.ptr)
// CHECK:         %[[NULL:.+]] = llvm.mlir.zero
// CHECK:         %[[X:.+]] = llvm.load
// CHECK:         %[[GIVEN:.+]] = llvm.load
// CHECK:         %[[NONE:.+]] = llvm.icmp "eq" %[[SHARE]], %[[NULL]]
// CHECK:         %[[OWN:.+]] = llvm.getelementptr %[[SHARE]][0] {{.+}}, i8
// CHECK:         %[[TAIL:.+]] = llvm.select %[[NONE]], %[[GIVEN]], %[[OWN]]
// CHECK:         llvm.icmp "eq" %[[WORKER]], %[[NULL]]
// CHECK:         llvm.getelementptr %[[WORKER]][128] {{.+}}, i8
// CHECK:         %[[ROWS:.+]] = llvm.select
// CHECK:         llvm.getelementptr %[[WORKER]][768] {{.+}}, i8
// CHECK:         %[[CARRY:.+]] = llvm.select
// CHECK:         llvm.call @bands(%[[X]], %[[TAIL]], %[[ROWS]], %[[CARRY]],

llvm.func @alone(%x: !llvm.ptr) attributes {sym_visibility = "private"} {
  llvm.return
}

// CHECK-LABEL: llvm.func @network(
// CHECK-SAME:    %[[X:[^:]+]]: !llvm.ptr, %[[STRIDE:[^:]+]]: i64, %[[Y:[^:]+]]: !llvm.ptr, %[[IMAGE:[^:]+]]: !llvm.ptr)
// CHECK-SAME:    mobileone.worker_bytes = 832 : index
llvm.func @network(%x: !llvm.ptr, %stride: i64, %y: !llvm.ptr, %image: !llvm.ptr) {
  // CHECK:      %[[MOST:.+]] = llvm.mlir.constant(4 : i64)
  // CHECK-NEXT: %[[OPERANDS:.+]] = llvm.alloca %[[MOST]] x i64
  // CHECK:      %[[UNITS:.+]] = llvm.mlir.constant(28 : i64)
  // CHECK:      %[[X_PLACE:.+]] = llvm.getelementptr %[[OPERANDS]][0]
  // CHECK-NEXT: llvm.store %[[X]], %[[X_PLACE]]
  // CHECK-NEXT: %[[STRIDE_PLACE:.+]] = llvm.getelementptr %[[OPERANDS]][1]
  // CHECK-NEXT: llvm.store %[[STRIDE]], %[[STRIDE_PLACE]]
  // CHECK-NEXT: %[[Y_PLACE:.+]] = llvm.getelementptr %[[OPERANDS]][2]
  // CHECK-NEXT: llvm.store %[[Y]], %[[Y_PLACE]]
  // CHECK-NEXT: %[[PART:.+]] = llvm.mlir.addressof @kernel.part
  // CHECK-NEXT: %[[PER_WORKER:.+]] = llvm.mlir.constant(3 : i32)
  // CHECK-NEXT: llvm.call @run_parts(%[[IMAGE]], %[[PART]], %[[OPERANDS]], %[[UNITS]], %[[PER_WORKER]])
  %zero = llvm.mlir.constant(0 : i64) : i64
  %units = llvm.mlir.constant(28 : i64) : i64
  llvm.call @kernel(%x, %stride, %y, %zero, %units) : (!llvm.ptr, i64, !llvm.ptr, i64, i64) -> ()
  // CHECK:      llvm.call @alone(%[[Y]])
  llvm.call @alone(%y) : (!llvm.ptr) -> ()
  // There are as many buffers of shares as workers.
  // CHECK:      %[[PART:.+]] = llvm.mlir.addressof @bands.part
  // CHECK-NEXT: %[[PER_WORKER:.+]] = llvm.mlir.constant(1 : i32)
  // CHECK-NEXT: llvm.call @run_parts(%[[IMAGE]], %[[PART]], %[[OPERANDS]], %{{.+}}, %[[PER_WORKER]])
  %bands = llvm.mlir.constant(9 : i64) : i64
  llvm.call @bands(%x, %y, %x, %y, %zero, %bands) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, i64, i64) -> ()
  llvm.return
}
