// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-lower-layer-hooks

// expected-error @+1 {{'func.func' op expects another name than end_layer, which the hook of a layer has}}
func.func @end_layer(%layer: i32) {
  return
}

// -----

// expected-error @+1 {{'func.func' op expects the type '(i32) -> ()' of the hook, but got '(i32) -> i32'}}
func.func private @begin_layer(i32) -> i32

// -----

// expected-error @+1 {{'func.func' op expects the type '(i32, index, index, index, index, index) -> ()' of the hook, but got '(i32, index) -> ()'}}
func.func private @end_layer(i32, index)

// -----

// expected-error @+1 {{'func.func' op expects no attributes of arguments, but got [{llvm.noundef}]}}
func.func private @begin_layer(i32 {llvm.noundef})

// -----

func.func private @begin_layer(i32)
func.func private @kernel(%layer: i32) {
  // expected-error @+1 {{'func.call' op expects only the network to call a hook}}
  call @begin_layer(%layer) : (i32) -> ()
  return
}

// -----

// expected-error @+1 {{'func.func' op expects a straight line of calls}}
func.func @blocks() {
  cf.br ^next
^next:
  return
}
