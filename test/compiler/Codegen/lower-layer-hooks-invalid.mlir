// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-lower-layer-hooks

// expected-error @+1 {{'func.func' op expects another name than end_layer, which the hook of a layer has}}
func.func @end_layer(%layer: i32) {
  return
}

// -----

// expected-error @+1 {{'func.func' op expects a hook without results and attributes of arguments}}
func.func private @end_layer(i32) -> i32

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
