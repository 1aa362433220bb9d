// In float32 nothing is left of the image beside a billion: the numbers next to it
// are 64 away.
func.func @cancels(%image: tensor<1x3x8x8xf32>) -> tensor<1x4xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> bias = dense<1.0e9> : tensor<16xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x8x8xf32> -> tensor<1x16xf32>
  %2 = mobileone.linear "head" %1 weight = dense<0.0625> : tensor<4x16xf32> bias = dense<-1.0e9> : tensor<4xf32>
    : tensor<1x16xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}
