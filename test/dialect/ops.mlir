// Every op survives text and bytecode.
// RUN: mobileone-opt %s --verify-roundtrip | FileCheck %s
// RUN: mobileone-opt %s --emit-bytecode | mobileone-opt | FileCheck %s

// CHECK-LABEL: func.func @read_image
func.func @read_image(%bytes: tensor<1x4x4x3xui8>, %floats: tensor<1x4x4x3xf32>)
    -> (tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>) {
  // CHECK: mobileone.read_image %{{.+}} mean = [5.000000e-01, 2.500000e-01, 0.000000e+00] std = [1.000000e+00, 2.000000e+00, 5.000000e-01] : tensor<1x4x4x3xui8> -> tensor<1x3x4x4xf32>
  %0 = mobileone.read_image %bytes mean = [0.5, 0.25, 0.0] std = [1.0, 2.0, 0.5]
    : tensor<1x4x4x3xui8> -> tensor<1x3x4x4xf32>
  // CHECK: mobileone.read_image %{{.+}} order = bgr mean = [5.000000e-01,
  %2 = mobileone.read_image %bytes order = bgr mean = [0.5, 0.25, 0.0] std = [1.0, 2.0, 0.5]
    : tensor<1x4x4x3xui8> -> tensor<1x3x4x4xf32>
  // CHECK: mobileone.read_image %{{.+}} mean = [0.000000e+00, 0.000000e+00, 0.000000e+00] std = [1.000000e+00, 1.000000e+00, 1.000000e+00] : tensor<1x4x4x3xf32> -> tensor<1x3x4x4xf32>
  %1 = mobileone.read_image %floats mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x4x4x3xf32> -> tensor<1x3x4x4xf32>
  return %0, %1 : tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>
}

// A train-time block with all branches and squeeze-and-excitation.
// CHECK-LABEL: func.func @train_block
// CHECK-SAME:    (%[[IMAGE:.+]]: tensor<1x2x4x4xf32>)
func.func @train_block(%image: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK: mobileone.block "stage1.0" (%[[X:.+]] = %[[IMAGE]]) : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
  %0 = mobileone.block "stage1.0" (%x = %image) : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
    // CHECK: %[[CONV:.+]] = mobileone.conv %[[X]] filter = dense_resource<stage1.0.filter> : tensor<2x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    %conv = mobileone.conv %x filter = dense_resource<stage1.0.filter> : tensor<2x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    // CHECK: %[[NORM:.+]] = mobileone.batch_norm %[[CONV]] gamma = dense<1.000000e+00> : tensor<2xf32> beta = dense<0.000000e+00> : tensor<2xf32> mean = dense<5.000000e-01> : tensor<2xf32> variance = dense<2.000000e+00> : tensor<2xf32> epsilon = 1.000000e-05 : tensor<1x2x4x4xf32>
    %norm = mobileone.batch_norm %conv gamma = dense<1.0> : tensor<2xf32> beta = dense<0.0> : tensor<2xf32>
      mean = dense<0.5> : tensor<2xf32> variance = dense<2.0> : tensor<2xf32> epsilon = 1.0e-5 : tensor<1x2x4x4xf32>
    // CHECK: %[[SCALE:.+]] = mobileone.conv %[[X]] filter = dense<2.000000e+00> : tensor<2x1x1x1xf32> bias = dense<1.000000e+00> : tensor<2xf32> strides
    %scale = mobileone.conv %x filter = dense<2.0> : tensor<2x1x1x1xf32> bias = dense<1.0> : tensor<2xf32>
      strides = [1, 1] padding = [0, 0] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
    // CHECK: %[[SUM:.+]] = mobileone.add %[[NORM]], %[[SCALE]], %[[X]] : tensor<1x2x4x4xf32>
    %sum = mobileone.add %norm, %scale, %x : tensor<1x2x4x4xf32>
    // CHECK: %[[SE:.+]] = mobileone.squeeze_excite %[[SUM]] reduce = dense<1.000000e+00> : tensor<1x2xf32>, dense<0.000000e+00> : tensor<1xf32> expand = dense<2.000000e+00> : tensor<2x1xf32>, dense<0.000000e+00> : tensor<2xf32> : tensor<1x2x4x4xf32>
    %se = mobileone.squeeze_excite %sum reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
      expand = dense<2.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> : tensor<1x2x4x4xf32>
    // CHECK: %[[ACT:.+]] = mobileone.activation relu %[[SE]] : tensor<1x2x4x4xf32>
    %act = mobileone.activation relu %se : tensor<1x2x4x4xf32>
    // CHECK: mobileone.yield %[[ACT]] : tensor<1x2x4x4xf32>
    mobileone.yield %act : tensor<1x2x4x4xf32>
  }
  return %0 : tensor<1x2x4x4xf32>
}

// CHECK-LABEL: func.func @dilations
func.func @dilations(%x: tensor<1x2x9x9xf32>) -> (tensor<1x2x9x7xf32>, tensor<1x2x9x9xf32>) {
  // CHECK: mobileone.conv {{.+}} padding = [2, 1] dilations = [2, 2] groups = 2 : tensor<1x2x9x9xf32> -> tensor<1x2x9x7xf32>
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<2x1x3x3xf32>
    strides = [1, 1] padding = [2, 1] dilations = [2, 2] groups = 2 : tensor<1x2x9x9xf32> -> tensor<1x2x9x7xf32>
  // CHECK: mobileone.conv {{.+}} padding = [1, 1] groups = 2 : tensor<1x2x9x9xf32> -> tensor<1x2x9x9xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<2x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] dilations = [1, 1] groups = 2 : tensor<1x2x9x9xf32> -> tensor<1x2x9x9xf32>
  return %0, %1 : tensor<1x2x9x7xf32>, tensor<1x2x9x9xf32>
}

// What is usual is not printed.
// CHECK-LABEL: func.func @kinds
func.func @kinds(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK: mobileone.activation gelu %{{.+}} : tensor<1x2x4x4xf32>
  %0 = mobileone.activation gelu %x : tensor<1x2x4x4xf32>
  // CHECK: mobileone.activation hardswish %{{.+}} : tensor<1x2x4x4xf32>
  %1 = mobileone.activation hardswish %0 : tensor<1x2x4x4xf32>
  // CHECK: mobileone.activation silu %{{.+}} : tensor<1x2x4x4xf32>
  %2 = mobileone.activation silu %1 : tensor<1x2x4x4xf32>
  // CHECK: mobileone.squeeze_excite {{.+}} : tensor<2xf32> gate = hardsigmoid : tensor<1x2x4x4xf32>
  %3 = mobileone.squeeze_excite %2 reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
    expand = dense<2.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> gate = hardsigmoid : tensor<1x2x4x4xf32>
  // CHECK: mobileone.squeeze_excite {{.+}} : tensor<2xf32> : tensor<1x2x4x4xf32>
  %4 = mobileone.squeeze_excite %3 reduce = dense<1.0> : tensor<1x2xf32>, dense<0.0> : tensor<1xf32>
    expand = dense<2.0> : tensor<2x1xf32>, dense<0.0> : tensor<2xf32> gate = sigmoid : tensor<1x2x4x4xf32>
  return %4 : tensor<1x2x4x4xf32>
}

// Between two patterns of reparameterization.
// CHECK-LABEL: func.func @f64_weights
func.func @f64_weights(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  // CHECK: mobileone.conv %{{.+}} filter = dense<1.000000e-01> : tensor<1x1x1x1xf64> bias = dense<2.000000e-01> : tensor<1xf64>
  %0 = mobileone.conv %x filter = dense<0.1> : tensor<1x1x1x1xf64> bias = dense<0.2> : tensor<1xf64>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}

// CHECK-LABEL: func.func @classifier
func.func @classifier(%x: tensor<1x2x4x4xf32>) -> tensor<1x3xf32> {
  // CHECK: %[[MEAN:.+]] = mobileone.global_average_pool %{{.+}} : tensor<1x2x4x4xf32> -> tensor<1x2xf32>
  %0 = mobileone.global_average_pool %x : tensor<1x2x4x4xf32> -> tensor<1x2xf32>
  // CHECK: %[[LOGITS:.+]] = mobileone.linear "head" %[[MEAN]] weight = dense_resource<head> : tensor<3x2xf32> bias = dense<1.000000e+00> : tensor<3xf32> : tensor<1x2xf32> -> tensor<1x3xf32>
  %1 = mobileone.linear "head" %0 weight = dense_resource<head> : tensor<3x2xf32> bias = dense<1.0> : tensor<3xf32>
    : tensor<1x2xf32> -> tensor<1x3xf32>
  // CHECK: mobileone.softmax %[[LOGITS]] : tensor<1x3xf32>
  %2 = mobileone.softmax %1 : tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// CHECK-LABEL: func.func @channels_last
// CHECK-SAME:    -> (tensor<1x4x5x2xf32> {mobileone.name = "stage1"})
func.func @channels_last(%x: tensor<1x2x4x5xf32>) -> (tensor<1x4x5x2xf32> {mobileone.name = "stage1"}) {
  // CHECK: mobileone.channels_last %{{.+}} : tensor<1x2x4x5xf32> -> tensor<1x4x5x2xf32>
  %0 = mobileone.channels_last %x : tensor<1x2x4x5xf32> -> tensor<1x4x5x2xf32>
  return %0 : tensor<1x4x5x2xf32>
}

// An attribute that the dialect does not know stays where it is.
// CHECK-LABEL: func.func @discardable_attribute
func.func @discardable_attribute(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK: mobileone.block "stem" (%{{.+}} = %{{.+}}) attributes {layer = 1 : i64} : tensor<1x2x4x4xf32>
  %0 = mobileone.block "stem" (%in = %x) attributes {layer = 1} : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> {
    // CHECK: mobileone.activation relu %{{.+}} {branch = "a"} : tensor<1x2x4x4xf32>
    %act = mobileone.activation relu %in {branch = "a"} : tensor<1x2x4x4xf32>
    mobileone.yield %act : tensor<1x2x4x4xf32>
  }
  return %0 : tensor<1x2x4x4xf32>
}

// CHECK: stage1.0.filter: "0x040000000000803F0000004000004040000080400000A0400000C0400000E0400000004100001041000020410000304100004041000050410000604100007041000080410000884100009041"
// CHECK: head: "0x040000000000803F0000004000004040000080400000A0400000C040"
{-#
  dialect_resources: {
    builtin: {
      stage1.0.filter: "0x040000000000803F0000004000004040000080400000A0400000C0400000E0400000004100001041000020410000304100004041000050410000604100007041000080410000884100009041",
      head: "0x040000000000803F0000004000004040000080400000A0400000C040"
    }
  }
#-}
