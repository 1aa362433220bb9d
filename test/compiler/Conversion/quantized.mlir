// A quantized layer multiplies bytes by weights in groups of four and rounds its sums, which
// never stand in memory, to bytes. The product is the level's.
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s
// RUN: mobileone-opt %s --emit=vector --isa=x86-64-v4-vnni | FileCheck %s --check-prefix=DOTS
// RUN: mobileone-opt %s --emit=vector --isa=x86-64-v3 | FileCheck %s --check-prefix=PAIRS
// RUN: mobileone-opt %s --emit=vector --target=aarch64-linux-gnu | FileCheck %s --check-prefix=BYTES

// CHECK-LABEL: func.func @quantized(
// CHECK-DAG: arith.constant dense{{.*}} : tensor<1x4x16x4xi8>
// CHECK-DAG: arith.constant dense{{.*}} : tensor<1x16xi32>
// CHECK:     call @pointwise_int8_4x4x16_u8_to_4x4x16_u8(%{{.+}}) : (tensor<4x4x1x16xi8>, tensor<1x4x16x4xi8>, tensor<1x16xi32>, tensor<1x16xf32>, tensor<4x4x1x16xi8>) -> tensor<4x4x1x16xi8>
// CHECK:     call @sum_4x4x16_u8(
// CHECK:     call @pointwise_int8_1x1x16_i32_to_1x1x2_scaled(

// CHECK-LABEL: func.func private @pointwise_int8_4x4x16_u8_to_4x4x16_u8(
// CHECK:         %[[SUMS:.+]] = tensor.empty() : tensor<4x4x1x16xi32>
// CHECK:         linalg.generic {{.*}} ins(%{{.+}}, %{{.+}} : tensor<4x4x4x4xi8>, tensor<1x4x16x4xi8>) outs(%{{.+}} : tensor<4x4x1x16xi32>)
// CHECK:           arith.extui
// CHECK:           arith.extsi
// CHECK:         linalg.generic {{.*}} ins(%{{.+}}, %{{.+}} : tensor<4x4x1x16xi32>, tensor<1x16xf32>) outs(%{{.+}} : tensor<4x4x1x16xi8>)

// DOTS:      llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"({{.*}}) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
// PAIRS:     llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"({{.*}}) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
// BYTES-NOT: llvm.call_intrinsic
// BYTES:     arith.muli %{{.+}} : vector<{{[0-9]+}}xi32>

func.func @quantized(%image: tensor<1x3x8x8xf32>) -> tensor<1x2xf32> {
  %0 = mobileone.block "stem" (%a = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xui8> {
    %c = mobileone.conv %a filter = dense<1.0> : tensor<16x3x3x3xf32> strides = [2, 2] padding = [1, 1] groups = 1
      : tensor<1x3x8x8xf32> -> tensor<1x16x4x4xf32>
    %r = mobileone.activation relu %c : tensor<1x16x4x4xf32>
    %q = mobileone.quantize %r factor = dense<2.0> : tensor<16xf32> : tensor<1x16x4x4xf32> -> tensor<1x16x4x4xui8>
    mobileone.yield %q : tensor<1x16x4x4xui8>
  }
  %1 = mobileone.block "stage1.1" (%a = %0) : tensor<1x16x4x4xui8> -> tensor<1x16x4x4xui8> {
    %c = mobileone.conv %a filter = dense<3> : tensor<16x16x1x1xi8> bias = dense<-5> : tensor<16xi32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x4x4xui8> -> tensor<1x16x4x4xi32>
    %q = mobileone.quantize %c factor = dense<0.125> : tensor<16xf32> : tensor<1x16x4x4xi32> -> tensor<1x16x4x4xui8>
    mobileone.yield %q : tensor<1x16x4x4xui8>
  }
  %p = mobileone.global_sum_pool %1 : tensor<1x16x4x4xui8> -> tensor<1x16xi32>
  %l = mobileone.linear "head" %p weight = dense<1> : tensor<2x16xi8> bias = dense<0> : tensor<2xi32> : tensor<1x16xi32> -> tensor<1x2xi32>
  %y = mobileone.dequantize %l factor = dense<0.5> : tensor<2xf32> : tensor<1x2xi32> -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}
