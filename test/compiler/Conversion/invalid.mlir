// What the lowering refuses, each with an error at the op.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --mobileone-plan --convert-mobileone-to-linalg

func.func @train_time_norm(%image: tensor<1x3x8x8xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x8x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x4x4xf32>
    // expected-error @+1 {{'mobileone.batch_norm' op expects a block of one convolution, then at most a dequantize, a squeeze_excite, an activation and a quantize; run mobileone-reparameterize first}}
    %norm = mobileone.batch_norm %conv gamma = dense<1.0> : tensor<8xf32> beta = dense<0.0> : tensor<8xf32>
      mean = dense<0.0> : tensor<8xf32> variance = dense<1.0> : tensor<8xf32> epsilon = 1.0e-5 : tensor<1x8x4x4xf32>
    mobileone.yield %norm : tensor<1x8x4x4xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x8x4x4xf32> -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}

// -----

func.func @two_branches(%image: tensor<1x3x8x8xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x8x4x4xf32> {
    %a = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x4x4xf32>
    // expected-error @+1 {{'mobileone.conv' op expects a block of one convolution}}
    %b = mobileone.conv %x filter = dense<1.0> : tensor<8x3x1x1xf32>
      strides = [2, 2] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x4x4xf32>
    %sum = mobileone.add %a, %b : tensor<1x8x4x4xf32>
    mobileone.yield %sum : tensor<1x8x4x4xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x8x4x4xf32> -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}

// -----

func.func @two_convolutions_in_a_row(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32> {
    %a = mobileone.conv %x filter = dense<1.0> : tensor<3x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
    // expected-error @+1 {{'mobileone.conv' op expects a block of one convolution}}
    %b = mobileone.conv %a filter = dense<1.0> : tensor<3x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
    mobileone.yield %b : tensor<1x3x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

func.func @activation_before_convolution(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32> {
    // expected-error @+1 {{'mobileone.activation' op expects a block of one convolution}}
    %act = mobileone.activation relu %x : tensor<1x3x8x8xf32>
    %conv = mobileone.conv %act filter = dense<1.0> : tensor<3x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
    mobileone.yield %conv : tensor<1x3x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

func.func @gate_behind_activation(%image: tensor<1x3x8x8xf32>) -> tensor<1x16xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    %act = mobileone.activation relu %conv : tensor<1x16x8x8xf32>
    // expected-error @+1 {{'mobileone.squeeze_excite' op expects a block of one convolution}}
    %se = mobileone.squeeze_excite %act reduce = dense<1.0> : tensor<1x16xf32>, dense<0.0> : tensor<1xf32>
      expand = dense<2.0> : tensor<16x1xf32>, dense<0.0> : tensor<16xf32> : tensor<1x16x8x8xf32>
    mobileone.yield %se : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x8x8xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}

// -----

func.func @two_gates(%image: tensor<1x3x8x8xf32>) -> tensor<1x16xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    %a = mobileone.squeeze_excite %conv reduce = dense<1.0> : tensor<1x16xf32>, dense<0.0> : tensor<1xf32>
      expand = dense<2.0> : tensor<16x1xf32>, dense<0.0> : tensor<16xf32> : tensor<1x16x8x8xf32>
    // expected-error @+1 {{'mobileone.squeeze_excite' op expects a block of one convolution}}
    %b = mobileone.squeeze_excite %a reduce = dense<1.0> : tensor<1x16xf32>, dense<0.0> : tensor<1xf32>
      expand = dense<2.0> : tensor<16x1xf32>, dense<0.0> : tensor<16xf32> : tensor<1x16x8x8xf32>
    mobileone.yield %b : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x8x8xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}

// -----

func.func @block_without_convolution(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{'mobileone.block' op expects one convolution per block}}
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32> {
    mobileone.yield %x : tensor<1x3x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

// The convolution is there, but it is not what the block returns.
func.func @unused_convolution(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{'mobileone.block' op expects one convolution per block}}
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<3x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
    mobileone.yield %x : tensor<1x3x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

func.func @grouped_image(%image: tensor<1x4x8x8xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x4x8x8xf32> -> tensor<1x8x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a dense convolution of the image, a depthwise or an unpadded pointwise convolution of stride 1}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x2x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 2 : tensor<1x4x8x8xf32> -> tensor<1x8x8x8xf32>
    mobileone.yield %conv : tensor<1x8x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x8x8x8xf32> -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}

// -----

// Two strides in one convolution.
func.func @uneven_strides(%image: tensor<1x3x8x8xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x8x8x4xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a dense convolution of the image}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [1, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x8x4xf32>
    mobileone.yield %conv : tensor<1x8x8x4xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x8x8x4xf32> -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}

// -----

// A dense 3x3 convolution that is not the first layer.
func.func @dense_inside(%image: tensor<1x3x8x8xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32>
    mobileone.yield %conv : tensor<1x8x8x8xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a dense convolution of the image}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x8x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
    mobileone.yield %conv : tensor<1x8x8x8xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x8x8x8xf32> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// -----

func.func @pointwise_stride(%image: tensor<1x3x8x8xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32>
    mobileone.yield %conv : tensor<1x8x8x8xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x8x8x8xf32> -> tensor<1x8x4x4xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a dense convolution of the image}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x8x1x1xf32>
      strides = [2, 2] padding = [0, 0] groups = 1 : tensor<1x8x8x8xf32> -> tensor<1x8x4x4xf32>
    mobileone.yield %conv : tensor<1x8x4x4xf32>
  }
  %2 = mobileone.global_average_pool %1 : tensor<1x8x4x4xf32> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// -----

// More than one image.
// expected-error @+1 {{'func.func' op expects one image of static shape, but got 'tensor<2x3x8x8xf32>'}}
func.func @batch(%images: tensor<2x3x8x8xf32>) -> tensor<2x3xf32> {
  %0 = mobileone.global_average_pool %images : tensor<2x3x8x8xf32> -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects one image and results of rank 2 or 4, but got '(tensor<1x3x8x8xf32>, tensor<1x3x8x8xf32>) -> tensor<1x3xf32>'}}
func.func @two_images(%image: tensor<1x3x8x8xf32>, %other: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  %0 = mobileone.global_average_pool %image : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects one image and results of rank 2 or 4, but got '(tensor<1x3x8x8xf32>) -> tensor<3x8x8xf32>'}}
func.func @rank_3_result(%image: tensor<1x3x8x8xf32>) -> tensor<3x8x8xf32> {
  %0 = mobileone.activation relu %image : tensor<1x3x8x8xf32>
  %1 = tensor.collapse_shape %0 [[0, 1], [2], [3]] : tensor<1x3x8x8xf32> into tensor<3x8x8xf32>
  return %1 : tensor<3x8x8xf32>
}

// -----

// The image lies as planes, not as panels of channels.
func.func @image_as_result(%image: tensor<1x8x8x3xf32>) -> tensor<1x3x8x8xf32> {
  %0 = mobileone.read_image %image mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x8x8x3xf32> -> tensor<1x3x8x8xf32>
  // expected-error @+1 {{'func.return' op expects a layer's result, but got the image}}
  return %0 : tensor<1x3x8x8xf32>
}

// -----

func.func @foreign_op(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<3x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
    mobileone.yield %conv : tensor<1x3x8x8xf32>
  }
  // expected-error @+1 {{'arith.negf' op expects a read_image, block, dequantize, global_average_pool, global_sum_pool, linear, softmax or channels_last outside of blocks}}
  %1 = arith.negf %0 : tensor<1x3x8x8xf32>
  %2 = mobileone.global_average_pool %1 : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// -----

// A read of anything but the argument has no op that could make it.
func.func @read_of_a_constant(%image: tensor<1x8x8x3xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{'arith.constant' op expects a read_image, block, dequantize, global_average_pool, global_sum_pool, linear, softmax or channels_last outside of blocks}}
  %other = arith.constant dense<1.0> : tensor<1x8x8x3xf32>
  %read = mobileone.read_image %other mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x8x8x3xf32> -> tensor<1x3x8x8xf32>
  %0 = mobileone.global_average_pool %read : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// Rows of pixels are no planes.
func.func @image_read_in_two_ways(%image: tensor<1x3x8x3xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x3xf32> -> tensor<1x8x8x3xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x8x3xf32> -> tensor<1x8x8x3xf32>
    mobileone.yield %conv : tensor<1x8x8x3xf32>
  }
  // expected-error @+1 {{'mobileone.read_image' op expects no block and no other read_image to read the same image}}
  %read = mobileone.read_image %image mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x3x8x3xf32> -> tensor<1x3x3x8xf32>
  %1 = mobileone.global_average_pool %0 : tensor<1x8x8x3xf32> -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}

// -----

func.func @convolution_outside_of_a_block(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{'mobileone.conv' op expects a read_image, block,}}
  %0 = mobileone.conv %image filter = dense<1.0> : tensor<3x3x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
  %1 = mobileone.global_average_pool %0 : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

// The image lies as planes, not as panels of channels.
func.func @mean_of_the_image(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{'mobileone.global_average_pool' op expects a block's result, but got the image}}
  %0 = mobileone.global_average_pool %image : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// The border is as wide as the widest reader wants it, and a window starts at
// its corner: a narrower reader would read shifted pixels.
func.func @two_paddings(%image: tensor<1x3x8x8xf32>) -> tensor<1x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects the padding that all readers of its input have (2 and 2), but got 1 and 1}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32>
    mobileone.yield %conv : tensor<1x8x8x8xf32>
  }
  %1 = mobileone.block "other" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x5x5xf32>
      strides = [1, 1] padding = [2, 2] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32>
    mobileone.yield %conv : tensor<1x8x8x8xf32>
  }
  %2 = mobileone.global_average_pool %0 : tensor<1x8x8x8xf32> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// -----

// A function of other dialects is left alone.
func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = arith.negf %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects no attributes of arguments and results beside those of a plan and names of results, but got "llvm.noalias"}}
func.func @argument_attribute(%image: tensor<1x3x8x8xf32> {llvm.noalias}) -> tensor<1x3xf32> {
  %0 = mobileone.global_average_pool %image : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects no attributes of arguments and results beside those of a plan and names of results, but got "mobileone.layout"}}
func.func @result_attribute(%image: tensor<1x3x8x8xf32>) -> (tensor<1x3xf32> {mobileone.layout = #mobileone.layout<panels 1x1x3xf32>}) {
  %0 = mobileone.global_average_pool %image : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// It would add a second public function.
// expected-error @+1 {{'func.func' op expects no attribute but mobileone.variant, mobileone.mean and mobileone.std, but got "llvm.emit_c_interface"}}
func.func @function_attribute(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> attributes {llvm.emit_c_interface} {
  %0 = mobileone.global_average_pool %image : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects another name than begin_layer, which the hook of a layer has}}
func.func @begin_layer(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  %0 = mobileone.global_average_pool %image : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

func.func @recursion(%image: tensor<1x3x8x8xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{'func.call' op expects no use of the network, but got @recursion}}
  %0 = call @recursion(%image) : (tensor<1x3x8x8xf32>) -> tensor<1x3xf32>
  %1 = mobileone.softmax %0 : tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

func.func @two_readers(%image: tensor<1x8x8x3xf32>) -> tensor<1x3xf32> {
  %0 = mobileone.read_image %image mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0] : tensor<1x8x8x3xf32> -> tensor<1x3x8x8xf32>
  // expected-error @+1 {{'mobileone.read_image' op expects no block and no other read_image to read the same image}}
  %1 = mobileone.read_image %image mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0] : tensor<1x8x8x3xf32> -> tensor<1x3x8x8xf32>
  %2 = mobileone.global_average_pool %1 : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// -----

// What a block computes lies in panels of channels, not in rows of pixels.
func.func @read_of_a_block(%image: tensor<1x3x8x3xf32>) -> tensor<1x3xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x3xf32> -> tensor<1x8x8x3xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<8x3x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x3x8x3xf32> -> tensor<1x8x8x3xf32>
    mobileone.yield %conv : tensor<1x8x8x3xf32>
  }
  // expected-error @+1 {{'mobileone.read_image' op expects the image to be the network's argument}}
  %read = mobileone.read_image %0 mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
    : tensor<1x8x8x3xf32> -> tensor<1x3x8x8xf32>
  %1 = mobileone.global_average_pool %read : tensor<1x3x8x8xf32> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects an image of f32 or ui8, but got 'tensor<1x3x8x8xf64>'}}
func.func @image_of_doubles(%image: tensor<1x3x8x8xf64>) -> tensor<1x3xf32> {
  %0 = arith.constant dense<1.0> : tensor<1x3xf32>
  %1 = mobileone.softmax %0 : tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}
