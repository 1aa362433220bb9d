// A network for images of another size: every shape follows, weights stay.
// RUN: mobileone-opt %s --pass-pipeline='builtin.module(func.func(mobileone-set-image-size{height=96 width=128}))' | FileCheck %s
// RUN: not mobileone-opt %s --pass-pipeline='builtin.module(func.func(mobileone-set-image-size{height=2 width=128}))' 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: not mobileone-opt %s --pass-pipeline='builtin.module(func.func(mobileone-set-image-size{height=999999 width=999999}))' 2>&1 | FileCheck %s --check-prefix=LARGE
// RUN: not mobileone-opt %s --pass-pipeline='builtin.module(func.func(mobileone-set-image-size{height=0}))' 2>&1 | FileCheck %s --check-prefix=ZERO
// RUN: not mobileone-opt %s --pass-pipeline='builtin.module(func.func(mobileone-plan,mobileone-set-image-size))' 2>&1 | FileCheck %s --check-prefix=PLANNED

// SMALL: error: 'mobileone.conv' op for images of 2x128 expects an input that its filter fits into, but got 'tensor<1x8x1x64xf32>'
// LARGE: error: 'func.func' op for images of 999999x999999 expects an image of at most 2^31 values, but got 'tensor<1x999999x999999x3xui8>'
// ZERO: error: 'func.func' op expects a height and a width from 1 on, but got 0 and 224
// PLANNED: error: 'mobileone.{{.*}}' op is planned for its size already

// CHECK-LABEL: func.func @network(%arg0: tensor<1x96x128x3xui8>)
// CHECK-SAME: -> (tensor<1x10xf32>, tensor<1x46x62x8xf32>)
func.func @network(%image: tensor<1x64x64x3xui8>) -> (tensor<1x10xf32>, tensor<1x30x30x8xf32>) {
  // CHECK: mobileone.read_image {{.*}} : tensor<1x96x128x3xui8> -> tensor<1x3x96x128xf32>
  %0 = mobileone.read_image %image mean = [0.5, 0.5, 0.5] std = [0.25, 0.25, 0.25] : tensor<1x64x64x3xui8> -> tensor<1x3x64x64xf32>
  // CHECK: mobileone.block "stem" (%arg1 = %0) : tensor<1x3x96x128xf32> -> tensor<1x8x48x64xf32>
  %1 = mobileone.block "stem" (%x = %0) : tensor<1x3x64x64xf32> -> tensor<1x8x32x32xf32> {
    // CHECK: mobileone.conv {{.*}} : tensor<1x3x96x128xf32> -> tensor<1x8x48x64xf32>
    %2 = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32> bias = dense<0.0> : tensor<8xf32> strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x64x64xf32> -> tensor<1x8x32x32xf32>
    // CHECK: mobileone.activation relu {{.*}} : tensor<1x8x48x64xf32>
    %3 = mobileone.activation relu %2 : tensor<1x8x32x32xf32>
    // CHECK: mobileone.yield {{.*}} : tensor<1x8x48x64xf32>
    mobileone.yield %3 : tensor<1x8x32x32xf32>
  }
  // CHECK: mobileone.block "stage1" {{.*}} -> tensor<1x8x46x62xf32>
  %4 = mobileone.block "stage1" (%x = %1) : tensor<1x8x32x32xf32> -> tensor<1x8x30x30xf32> {
    %5 = mobileone.conv %x filter = dense<1.0> : tensor<8x1x3x3xf32> bias = dense<0.0> : tensor<8xf32> strides = [1, 1] padding = [0, 0] groups = 8 : tensor<1x8x32x32xf32> -> tensor<1x8x30x30xf32>
    mobileone.yield %5 : tensor<1x8x30x30xf32>
  }
  // CHECK: mobileone.channels_last {{.*}} : tensor<1x8x46x62xf32> -> tensor<1x46x62x8xf32>
  %6 = mobileone.channels_last %4 : tensor<1x8x30x30xf32> -> tensor<1x30x30x8xf32>
  // CHECK: mobileone.global_average_pool {{.*}} : tensor<1x8x46x62xf32> -> tensor<1x8xf32>
  %7 = mobileone.global_average_pool %4 : tensor<1x8x30x30xf32> -> tensor<1x8xf32>
  %8 = mobileone.linear "head" %7 weight = dense<1.0> : tensor<10x8xf32> bias = dense<0.0> : tensor<10xf32> : tensor<1x8xf32> -> tensor<1x10xf32>
  return %8, %6 : tensor<1x10xf32>, tensor<1x30x30x8xf32>
}
