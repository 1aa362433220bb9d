// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-lower-shared-calls

// expected-error @+1 {{'llvm.func' op expects a declaration to be private: what is public is a network}}
llvm.func @memcpy(!llvm.ptr)

// -----

// expected-error @+1 {{'llvm.func' op expects another name than run_parts, which an entry point has}}
llvm.func @run_parts(%x: !llvm.ptr) {
  llvm.return
}

// -----

// expected-error @+1 {{'llvm.func' op expects a kernel of pointers and i64 whose last two arguments are a range of units, but got '!llvm.func<void (ptr)>'}}
llvm.func @kernel(%x: !llvm.ptr) attributes {sym_visibility = "private", mobileone.units = 28 : index} {
  llvm.return
}

// -----

// A number that is narrower than a pointer would be read from its neighbour.
// expected-error @+1 {{'llvm.func' op expects a kernel of pointers and i64 whose last two arguments are a range of units, but got '!llvm.func<void (i8, i64, i64)>'}}
llvm.func @kernel(%x: i8, %begin: i64, %end: i64) attributes {sym_visibility = "private", mobileone.units = 28 : index} {
  llvm.return
}

// -----

// expected-error @+1 {{'llvm.func' op expects mobileone.worker_bytes to be a number of bytes, but got -1 : index}}
llvm.func @kernel(%x: !llvm.ptr {mobileone.worker_bytes = -1 : index}) attributes {sym_visibility = "private"} {
  llvm.return
}

// -----

llvm.func @kernel(%begin: i64, %end: i64) attributes {sym_visibility = "private", mobileone.units = 28 : index} {
  llvm.return
}
// expected-error @+1 {{'llvm.func' op expects a call that is on its way as the last argument of a network, but got '!llvm.func<void (i64)>'}}
llvm.func @network(%units: i64) {
  llvm.call @kernel(%units, %units) : (i64, i64) -> ()
  llvm.return
}
