// A plan that is missing, or by which a layer would read what is not there.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics --convert-mobileone-to-linalg

// expected-error @+1 {{'func.func' op expects a plan, but mobileone.layout of the image is missing; run mobileone-plan first}}
func.func @no_layout_of_the_image(%image: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

func.func @no_layout(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  // expected-error @+1 {{'mobileone.block' op expects a plan, but mobileone.layout is missing; run mobileone-plan first}}
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

func.func @no_packing(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a plan, but mobileone.packing is missing; run mobileone-plan first}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects an image of planes, but got #mobileone.layout<panels 8x8x3xf32>}}
func.func @image_of_panels(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<panels 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

func.func @result_of_planes(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  // expected-error @+1 {{'mobileone.block' op expects panels, but got #mobileone.layout<planar 8x8x16xf32>}}
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<planar 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

// The image lies as planes, not as panels of channels.
func.func @pointwise_image(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op cannot be computed as the plan says: #mobileone.packing<pointwise>}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

// The last window would end behind the buffer.
func.func @border_too_narrow(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 0, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects an input of at least 10x10 with its border, but the plan says 9x10}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %1 : tensor<1x16x8x8xf32>
}

// -----

func.func @border_without_corner(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [0, 1, 2, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op expects a border of 1 and 1 at the top and left of its input, but the plan says 0 and 1}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %1 : tensor<1x16x8x8xf32>
}

// -----

func.func @depthwise_pointwise(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    // expected-error @+1 {{'mobileone.conv' op cannot be computed as the plan says: #mobileone.packing<pointwise>}}
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %1 : tensor<1x16x8x8xf32>
}

// -----

func.func @too_many_blocks(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects blocks in a row, each the only reader of the one before, as many as #mobileone.bands<layers = 3, rows = 2, in_place> says, but got 2}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 3, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

func.func @too_many_rows(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects bands of at most 8 rows, but got #mobileone.bands<layers = 2, rows = 9, in_place>}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 9, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 2, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

func.func @not_in_place(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects to be the only reader of the image or, in_place, of a block's result, but got #mobileone.bands<layers = 2, rows = 2>}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 2, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

func.func @gap_between(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects of what the next block reads in #mobileone.bands<layers = 2, rows = 2, in_place> no gap and the border that its window wants}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32, gap = 1>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 2, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

// The matrix would be multiplied by the border, too.
func.func @border_between(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects of what the next block reads in #mobileone.bands<layers = 2, rows = 2, in_place> no gap and the border that its window wants}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [0, 1, 0, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 2, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

func.func @bands_in_bands(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects no mobileone.bands inside of others}}
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 2, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

// The result would overwrite the rows of the input that come next.
func.func @result_not_higher(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects in place a depthwise block of 3x3, stride 1 and padding 1, then a pointwise block whose result has the input's layout, one row higher}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

func.func @no_spare_row(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 2]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects in place a depthwise block of 3x3, stride 1 and padding 1, then a pointwise block whose result has the input's layout, one row higher}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 2, 2]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

func.func @pointwise_pair(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [2, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.block' op expects in place a depthwise block of 3x3, stride 1 and padding 1, then a pointwise block whose result has the input's layout, one row higher}}
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %2 = mobileone.block "b" (%x = %1) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 2, 1]>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<pointwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %2 : tensor<1x16x8x8xf32>
}

// -----

func.func @stem_of_stride_1(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16x8x8xf32> {
  // expected-error @+1 {{'mobileone.block' op expects in bands of an image a dense and a depthwise block of 3x3, stride 2 and padding 1, then at most a pointwise block}}
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2>, mobileone.layout = #mobileone.layout<panels 8x8x16xf32, border = [1, 1, 1, 1]>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.block "a" (%x = %0) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32> strides = [1, 1] padding = [1, 1] groups = 16 {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x16x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %1 : tensor<1x16x8x8xf32>
}

// -----

func.func @numbers_with_a_border(%image: tensor<1x3x8x8xf32> {mobileone.layout = #mobileone.layout<planar 8x8x3xf32>}) -> tensor<1x16xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  // expected-error @+1 {{'mobileone.global_average_pool' op expects numbers without a border and a gap, but got #mobileone.layout<panels 1x1x16xf32, gap = 1>}}
  %1 = mobileone.global_average_pool %0 {mobileone.layout = #mobileone.layout<panels 1x1x16xf32, gap = 1>} : tensor<1x16x8x8xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}

// -----

func.func @other_order(%image: tensor<1x8x8x3xf32>) -> tensor<1x16x8x8xf32> {
  // expected-error @+1 {{'mobileone.read_image' op expects a layout of pixels in its own order, but got #mobileone.layout<interleaved 8x8x3xf32>}}
  %read = mobileone.read_image %image order = bgr mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0] {mobileone.layout = #mobileone.layout<interleaved 8x8x3xf32>} : tensor<1x8x8x3xf32> -> tensor<1x3x8x8xf32>
  %0 = mobileone.block "stem" (%x = %read) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}

// -----

// It would belong to nothing.
// expected-error @+1 {{'func.func' op expects no attributes of arguments and results beside those of a plan and names of results, but got "mobileone.layout"}}
func.func @layout_of_the_result(%image: tensor<1x3x8x8xf32>) -> (tensor<1x16x8x8xf32> {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>}) {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1 {mobileone.packing = #mobileone.packing<dense>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}
