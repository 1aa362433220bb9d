// A network with one layer of each kind, small enough to read its code.
func.func @tiny(%image: tensor<1x3x16x16xf32>) -> tensor<1x10xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x16x16xf32> -> tensor<1x32x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<0.125> : tensor<32x3x3x3xf32> bias = dense<0.5> : tensor<32xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x16x16xf32> -> tensor<1x32x8x8xf32>
    %act = mobileone.activation relu %conv : tensor<1x32x8x8xf32>
    mobileone.yield %act : tensor<1x32x8x8xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x32x8x8xf32> -> tensor<1x32x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<0.125> : tensor<32x1x3x3xf32> bias = dense<0.5> : tensor<32xf32>
      strides = [1, 1] padding = [1, 1] groups = 32 : tensor<1x32x8x8xf32> -> tensor<1x32x8x8xf32>
    %act = mobileone.activation relu %conv : tensor<1x32x8x8xf32>
    mobileone.yield %act : tensor<1x32x8x8xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %1) : tensor<1x32x8x8xf32> -> tensor<1x64x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<0.0625> : tensor<64x32x1x1xf32> bias = dense<-0.5> : tensor<64xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x32x8x8xf32> -> tensor<1x64x8x8xf32>
    %se = mobileone.squeeze_excite %conv reduce = dense<0.125> : tensor<4x64xf32>, dense<0.0> : tensor<4xf32>
      expand = dense<0.25> : tensor<64x4xf32>, dense<0.5> : tensor<64xf32> : tensor<1x64x8x8xf32>
    %act = mobileone.activation relu %se : tensor<1x64x8x8xf32>
    mobileone.yield %act : tensor<1x64x8x8xf32>
  }
  %3 = mobileone.global_average_pool %2 : tensor<1x64x8x8xf32> -> tensor<1x64xf32>
  %4 = mobileone.linear "head" %3 weight = dense<0.125> : tensor<10x64xf32> bias = dense<1.0> : tensor<10xf32>
    : tensor<1x64xf32> -> tensor<1x10xf32>
  %5 = mobileone.softmax %4 : tensor<1x10xf32>
  return %5 : tensor<1x10xf32>
}
