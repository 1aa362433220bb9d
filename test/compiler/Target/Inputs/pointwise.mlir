func.func @net(%image: tensor<1x3x28x28xf32>) -> tensor<1x256xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x28x28xf32> -> tensor<1x256x14x14xf32> {
    %conv = mobileone.conv %x filter = dense<0.125> : tensor<256x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x28x28xf32> -> tensor<1x256x14x14xf32>
    mobileone.yield %conv : tensor<1x256x14x14xf32>
  }
  %1 = mobileone.block "stage3.1" (%x = %0) : tensor<1x256x14x14xf32> -> tensor<1x256x14x14xf32> {
    %conv = mobileone.conv %x filter = dense<0.125> : tensor<256x256x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x256x14x14xf32> -> tensor<1x256x14x14xf32>
    %act = mobileone.relu %conv : tensor<1x256x14x14xf32>
    mobileone.yield %act : tensor<1x256x14x14xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x256x14x14xf32> -> tensor<1x256xf32>
  return %2 : tensor<1x256xf32>
}
