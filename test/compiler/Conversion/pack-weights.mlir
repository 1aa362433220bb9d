// Weights are packed once into panels of 16 output channels, padded with zeros.
// A constant of more than 64 elements prints as hexadecimal little-endian words:
// 1 = 0000803F, 2 = 00000040, 3 = 00004040, 4 = 00008040, ...
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @packed(
func.func @packed(%image: tensor<1x3x4x4xf32>) -> tensor<1x2xf32> {
  // Per channel, 2 values are one panel: the others are zero.
  // CHECK-DAG: arith.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00, 0.000000e+00, {{(0.000000e\+00(, )?)+}}]]> : tensor<1x16xf32>
  // CHECK-DAG: arith.constant dense_resource<[[STEM:.*stem.*]]> : tensor<1x3x3x3x16xf32>
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x4x4xf32> -> tensor<1x2x2x2xf32> {
    %conv = mobileone.conv %x filter = dense_resource<stem> : tensor<2x3x3x3xf32>
      bias = dense<[1.0, 2.0]> : tensor<2xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x4x4xf32> -> tensor<1x2x2x2xf32>
    mobileone.yield %conv : tensor<1x2x2x2xf32>
  }
  // CHECK-DAG: arith.constant dense_resource<[[DEPTHWISE:.+]]> : tensor<3x3x1x16xf32>
  %1 = mobileone.block "depthwise" (%x = %0) : tensor<1x2x2x2xf32> -> tensor<1x2x2x2xf32> {
    %conv = mobileone.conv %x filter = dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]],
                                             [[[9.0, 8.0, 7.0], [6.0, 5.0, 4.0], [3.0, 2.0, 1.0]]]]> : tensor<2x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x2x2x2xf32> -> tensor<1x2x2x2xf32>
    mobileone.yield %conv : tensor<1x2x2x2xf32>
  }
  // CHECK-DAG: arith.constant dense_resource<[[POINTWISE:.+]]> : tensor<1x16x16xf32>
  %2 = mobileone.block "pointwise" (%x = %1) : tensor<1x2x2x2xf32> -> tensor<1x2x2x2xf32> {
    %conv = mobileone.conv %x filter = dense<[[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]> : tensor<2x2x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x2x2xf32> -> tensor<1x2x2x2xf32>
    mobileone.yield %conv : tensor<1x2x2x2xf32>
  }
  %3 = mobileone.global_average_pool %2 : tensor<1x2x2x2xf32> -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}
// The first tap of the stem for its two outputs, then the same tap of the next
// input channel: outputs are innermost, then input channels, then taps.
// The stem's filter is 0 to 26 for output 0 and 32 to 58 for output 1, in OIHW:
// channel c of the first tap is element 9 c, so 0, 9, 18 (32, 41, 50).
// CHECK-DAG: [[STEM]]: "0x040000000000000000000042{{(0{112})}}0000104100002442{{(0{112})}}0000904100004842{{(0{112})}}

// Taps are outermost: 1 and 9, then 2 and 8, ... and 9 and 1.
// CHECK-DAG: [[DEPTHWISE]]: "0x040000000000803F00001041{{(0{112})}}0000004000000041{{(0{112})}}{{.+}}000010410000803F{{(0{112})}}"

// [Cin][16]: the column of input 0 is 1 and 3, that of input 1 is 2 and 4; the
// rows of inputs 2 to 15 do not exist and are zero.
// CHECK-DAG: [[POINTWISE]]: "0x040000000000803F00004040{{(0{112})}}0000004000008040{{(0{112})(0+)}}"

{-#
  dialect_resources: {
    builtin: {
      stem: "0x04000000000000000000803F0000004000004040000080400000A0400000C0400000E0400000004100001041000020410000304100004041000050410000604100007041000080410000884100009041000098410000A0410000A8410000B0410000B8410000C0410000C8410000D04100000042000004420000084200000C4200001042000014420000184200001C4200002042000024420000284200002C4200003042000034420000384200003C4200004042000044420000484200004C4200005042000054420000584200005C42000060420000644200006842"
    }
  }
#-}
