// Each refusal gives its reason. By default it is an error.
// RUN: mobileone-opt %s --split-input-file --mobileone-reparameterize --verify-diagnostics

func.func @norm_of_activation(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %0 = mobileone.activation relu %x : tensor<1x1x2x2xf32>
  // expected-error @below {{'mobileone.batch_norm' op is left after reparameterization}}
  // expected-note @below {{input is not a convolution}}
  // expected-note @below {{input is not the argument of the block}}
  %1 = mobileone.batch_norm %0 gamma = dense<1.0> : tensor<1xf32> beta = dense<1.0> : tensor<1xf32>
    mean = dense<1.0> : tensor<1xf32> variance = dense<1.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
  return %1 : tensor<1x1x2x2xf32>
}

// -----

func.func @norm_of_shared_conv(%x: tensor<1x1x2x2xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) {
  %0 = mobileone.conv %x filter = dense<2.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
  // expected-error @below {{'mobileone.batch_norm' op is left after reparameterization}}
  // expected-note @below {{input is a convolution that has other users}}
  // expected-note @below {{input is not the argument of the block}}
  %1 = mobileone.batch_norm %0 gamma = dense<1.0> : tensor<1xf32> beta = dense<1.0> : tensor<1xf32>
    mean = dense<1.0> : tensor<1xf32> variance = dense<1.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x2x2xf32>
  return %0, %1 : tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>
}

// -----

func.func @sum_with_the_input(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{no branch is a 1x1 convolution beside a larger one}}
  // expected-note @below {{branch 1 is not a convolution}}
  %2 = mobileone.add %0, %x : tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}

// -----

func.func @sum_with_shared_conv(%x: tensor<1x1x4x4xf32>) -> (tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>) {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{no branch is a 1x1 convolution beside a larger one}}
  // expected-note @below {{branch 1 has other users}}
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %1, %2 : tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>
}

// -----

func.func @scale_branch_with_other_users(%x: tensor<1x1x4x4xf32>) -> (tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>) {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{its 1x1 convolution has other users}}
  // expected-note @below {{branch 1 has other users}}
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %1, %2 : tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>
}

// -----

func.func @other_inputs(%x: tensor<1x1x4x4xf32>, %z: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %z filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{no branch is a 1x1 convolution beside a larger one}}
  // expected-note @below {{branch 1 has another input than branch 0}}
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}

// -----

func.func @other_filters(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x5x5xf32>
    strides = [1, 1] padding = [2, 2] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x4x4xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{no branch is a 1x1 convolution beside a larger one}}
  // expected-note @below {{branch 1 has another filter shape than branch 0}}
  %2 = mobileone.add %0, %1 : tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}

// -----

func.func @other_groups(%x: tensor<1x2x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<4x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 2 : tensor<1x2x4x4xf32> -> tensor<1x4x4x4xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<4x2x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x2x4x4xf32> -> tensor<1x4x4x4xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{no branch is a 1x1 convolution beside a larger one}}
  // expected-note @below {{branch 1 has another filter shape than branch 0}}
  %2 = mobileone.add %0, %1 : tensor<1x4x4x4xf32>
  return %2 : tensor<1x4x4x4xf32>
}

// -----

func.func @other_strides(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [2, 2] padding = [0, 0] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{no branch is a 1x1 convolution beside a larger one}}
  // expected-note @below {{branch 1 has other strides than branch 0}}
  %2 = mobileone.add %0, %1 : tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// -----

func.func @scale_branch_with_other_strides(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32>
    strides = [1, 1] padding = [1, 1] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x1x1xf32>
    strides = [2, 2] padding = [0, 0] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{its 1x1 convolution has other strides than the larger one}}
  // expected-note @below {{branch 1 has another filter shape than branch 0}}
  %2 = mobileone.add %0, %1 : tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// -----

func.func @other_padding(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x4xf32> {
  %0 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x1xf32>
    strides = [3, 1] padding = [1, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x2x4xf32>
  %1 = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x1xf32>
    strides = [3, 1] padding = [2, 0] groups = 1 : tensor<1x1x4x4xf32> -> tensor<1x1x2x4xf32>
  // expected-error @below {{'mobileone.add' op is left after reparameterization}}
  // expected-note @below {{no branch is a 1x1 convolution beside a larger one}}
  // expected-note @below {{branch 1 has another padding than branch 0}}
  %2 = mobileone.add %0, %1 : tensor<1x1x2x4xf32>
  return %2 : tensor<1x1x2x4xf32>
}
