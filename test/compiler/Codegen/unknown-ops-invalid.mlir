// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect --mobileone-lower-layer-hooks

// Behind an op that nobody knows there may be other calls.
// expected-error @+1 {{'func.func' op expects a module of known ops, to find who calls it}}
func.func private @end_layer(i32)
"other.region"() ({ "other.op"() : () -> () }) : () -> ()
func.func @net(%a: i32) {
  func.call @end_layer(%a) : (i32) -> ()
  return
}
