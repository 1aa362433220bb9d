// The ops of a quantized network survive text and bytecode.
// RUN: mobileone-opt %s --verify-roundtrip | FileCheck %s
// RUN: mobileone-opt %s --emit-bytecode | mobileone-opt | FileCheck %s

// CHECK-LABEL: func.func @block
func.func @block(%x: tensor<1x2x4x4xui8>) -> tensor<1x1x4x4xui8> {
  // CHECK: mobileone.block "stage1.1" (%[[A:.+]] = %{{.+}}) : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xui8> {
  %y = mobileone.block "stage1.1" (%a = %x) : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xui8> {
    // CHECK: %[[C:.+]] = mobileone.conv %[[A]] filter = dense<{{.*}}> : tensor<1x2x1x1xi8> bias = dense<-7> : tensor<1xi32> strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xi32>
    %c = mobileone.conv %a filter = dense<[[[[-128]], [[127]]]]> : tensor<1x2x1x1xi8> bias = dense<-7> : tensor<1xi32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xui8> -> tensor<1x1x4x4xi32>
    // CHECK: %[[Q:.+]] = mobileone.quantize %[[C]] factor = dense<1.250000e-01> : tensor<1xf32> : tensor<1x1x4x4xi32> -> tensor<1x1x4x4xui8>
    %q = mobileone.quantize %c factor = dense<0.125> : tensor<1xf32> : tensor<1x1x4x4xi32> -> tensor<1x1x4x4xui8>
    mobileone.yield %q : tensor<1x1x4x4xui8>
  }
  return %y : tensor<1x1x4x4xui8>
}

// A layer that stays in floats reads bytes as numbers.
// CHECK-LABEL: func.func @sensitive
func.func @sensitive(%x: tensor<1x2x4x4xui8>) -> tensor<1x2x4x4xf32> {
  // CHECK: mobileone.conv %{{.+}} filter = dense<5.000000e-01> : tensor<2x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x2x4x4xui8> -> tensor<1x2x4x4xf32>
  %y = mobileone.block "stage1.0" (%a = %x) : tensor<1x2x4x4xui8> -> tensor<1x2x4x4xf32> {
    %c = mobileone.conv %a filter = dense<0.5> : tensor<2x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 2
      : tensor<1x2x4x4xui8> -> tensor<1x2x4x4xf32>
    mobileone.yield %c : tensor<1x2x4x4xf32>
  }
  return %y : tensor<1x2x4x4xf32>
}

// CHECK-LABEL: func.func @classifier
func.func @classifier(%x: tensor<1x2x4x4xui8>) -> (tensor<1x3xf32>, tensor<1x2x4x4xf32>) {
  // CHECK: %[[P:.+]] = mobileone.global_sum_pool %{{.+}} : tensor<1x2x4x4xui8> -> tensor<1x2xi32>
  %p = mobileone.global_sum_pool %x : tensor<1x2x4x4xui8> -> tensor<1x2xi32>
  // CHECK: %[[L:.+]] = mobileone.linear "head" %[[P]] weight = dense<1> : tensor<3x2xi8> bias = dense<0> : tensor<3xi32> : tensor<1x2xi32> -> tensor<1x3xi32>
  %l = mobileone.linear "head" %p weight = dense<1> : tensor<3x2xi8> bias = dense<0> : tensor<3xi32> : tensor<1x2xi32> -> tensor<1x3xi32>
  // CHECK: mobileone.dequantize %[[L]] factor = dense<1.000000e-03> : tensor<3xf32> : tensor<1x3xi32> -> tensor<1x3xf32>
  %y = mobileone.dequantize %l factor = dense<0.001> : tensor<3xf32> : tensor<1x3xi32> -> tensor<1x3xf32>
  // CHECK: mobileone.dequantize %{{.+}} factor = dense<2.000000e+00> : tensor<2xf32> : tensor<1x2x4x4xui8> -> tensor<1x2x4x4xf32>
  %map = mobileone.dequantize %x factor = dense<2.0> : tensor<2xf32> : tensor<1x2x4x4xui8> -> tensor<1x2x4x4xf32>
  return %y, %map : tensor<1x3xf32>, tensor<1x2x4x4xf32>
}
