// Each value gets the border that its readers want, a gap where panels would
// meet in few sets of a cache, and each convolution the kernel that computes it.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan | FileCheck %s

// CHECK-LABEL: func.func @classifier(
// CHECK-SAME:    %{{.+}}: tensor<1x3x9x8xf32> {mobileone.layout = #mobileone.layout<planar 9x8x3xf32, border = [1, 1, 1, 0]>}
// CHECK:         mobileone.block "stem" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 5x4x16xf32>}
// CHECK:           mobileone.conv {{.+}} {mobileone.packing = #mobileone.packing<dense>}
// CHECK:         mobileone.block "a" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 5x4x16xf32, border = [2, 1, 2, 1]>}
// CHECK:           mobileone.conv {{.+}} {mobileone.packing = #mobileone.packing<pointwise>}
// CHECK:         mobileone.block "b" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 5x4x16xf32>}
// CHECK:           mobileone.conv {{.+}} {mobileone.packing = #mobileone.packing<depthwise>}
// CHECK:         global_average_pool {{.+}} {mobileone.layout = #mobileone.layout<panels 1x1x16xf32>}
// CHECK:         linear {{.+}} {mobileone.layout = #mobileone.layout<panels 1x1x10xf32>}
// CHECK:         softmax {{.+}} {mobileone.layout = #mobileone.layout<panels 1x1x10xf32>}
func.func @classifier(%image: tensor<1x3x9x8xf32>) -> tensor<1x10xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x9x8xf32> -> tensor<1x16x5x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x9x8xf32> -> tensor<1x16x5x4xf32>
    mobileone.yield %conv : tensor<1x16x5x4xf32>
  }
  %1 = mobileone.block "a" (%x = %0) : tensor<1x16x5x4xf32> -> tensor<1x16x5x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x16x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x16x5x4xf32> -> tensor<1x16x5x4xf32>
    mobileone.yield %conv : tensor<1x16x5x4xf32>
  }
  %2 = mobileone.block "b" (%x = %1) : tensor<1x16x5x4xf32> -> tensor<1x16x5x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x5x3xf32>
      strides = [1, 1] padding = [2, 1] groups = 16 : tensor<1x16x5x4xf32> -> tensor<1x16x5x4xf32>
    mobileone.yield %conv : tensor<1x16x5x4xf32>
  }
  %3 = mobileone.global_average_pool %2 : tensor<1x16x5x4xf32> -> tensor<1x16xf32>
  %4 = mobileone.linear "head" %3 weight = dense<1.0> : tensor<10x16xf32> bias = dense<0.0> : tensor<10xf32> : tensor<1x16xf32> -> tensor<1x10xf32>
  %5 = mobileone.softmax %4 : tensor<1x10xf32>
  return %5 : tensor<1x10xf32>
}

// -----

// Pixels of blue, green, red and alpha. 128 channels are 8 panels of one line of
// a cache each: pixels would share 8 of 64 sets.
// CHECK-LABEL: func.func @wide(
// CHECK-SAME:    %{{.+}}: tensor<1x8x8x4xui8>)
// CHECK:         read_image {{.+}} {mobileone.layout = #mobileone.layout<interleaved 8x8x4xf32, reversed>}
// CHECK:         block "stem" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 8x8x128xf32, gap = 1>}
// What squeeze_excite scales has no border; its result has one.
// CHECK:         block "gated" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 8x8x128xf32, border = [1, 1, 1, 1], gap = 1>}
// CHECK:           mobileone.conv {{.+}} {mobileone.layout = #mobileone.layout<panels 8x8x128xf32, gap = 1>, mobileone.packing = #mobileone.packing<pointwise>}
// CHECK:         block "last" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 8x8x128xf32, gap = 1>}
func.func @wide(%image: tensor<1x8x8x4xui8>) -> tensor<1x128x8x8xf32> {
  %read = mobileone.read_image %image order = bgra mean = [0.5, 0.5, 0.5] std = [1.0, 1.0, 1.0] : tensor<1x8x8x4xui8> -> tensor<1x3x8x8xf32>
  %0 = mobileone.block "stem" (%x = %read) : tensor<1x3x8x8xf32> -> tensor<1x128x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<128x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x128x8x8xf32>
    mobileone.yield %conv : tensor<1x128x8x8xf32>
  }
  %1 = mobileone.block "gated" (%x = %0) : tensor<1x128x8x8xf32> -> tensor<1x128x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<128x128x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x128x8x8xf32> -> tensor<1x128x8x8xf32>
    %se = mobileone.squeeze_excite %conv reduce = dense<1.0> : tensor<8x128xf32>, dense<0.0> : tensor<8xf32>
      expand = dense<2.0> : tensor<128x8xf32>, dense<0.0> : tensor<128xf32> : tensor<1x128x8x8xf32>
    mobileone.yield %se : tensor<1x128x8x8xf32>
  }
  %2 = mobileone.block "last" (%x = %1) : tensor<1x128x8x8xf32> -> tensor<1x128x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<128x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 128 : tensor<1x128x8x8xf32> -> tensor<1x128x8x8xf32>
    mobileone.yield %conv : tensor<1x128x8x8xf32>
  }
  return %2 : tensor<1x128x8x8xf32>
}

// -----

// A network with a plan keeps it, and what is no network is left alone.
// CHECK-LABEL: func.func @planned(
// CHECK-SAME:    %{{.+}}: tensor<1x3x8x8xf32>)
// CHECK:         block "stem" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, gap = 3>}
// CHECK:           packing<depthwise>
func.func @planned(%image: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %0 = mobileone.block "stem" (%x = %image) attributes {mobileone.layout = #mobileone.layout<panels 8x8x16xf32, gap = 3>}
    : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32> strides = [1, 1] padding = [0, 0] groups = 1
      {mobileone.packing = #mobileone.packing<depthwise>} : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  return %0 : tensor<1x16x8x8xf32>
}
// CHECK-LABEL: func.func @no_network(%arg0: tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
func.func @no_network(%image: tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32> {
  return %image : tensor<1x3x8x8xf32>
}

// -----

// A 3x3 window with a dilation of 2 spans 5 pixels; one of 5x5 with stride 2 reads
// 2 pixels above and, of the even height, 1 below the image.
// CHECK-LABEL: func.func @windows(
// CHECK:         block "stem" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 8x9x16xf32, border = [2, 2, 2, 2]>}
// CHECK:         block "dilated" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 8x9x16xf32, border = [2, 2, 1, 2]>}
// CHECK:           mobileone.conv {{.+}} {mobileone.packing = #mobileone.packing<depthwise>}
// CHECK:         block "wide" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 4x5x16xf32>}
// CHECK:           mobileone.conv {{.+}} {mobileone.packing = #mobileone.packing<depthwise>}
func.func @windows(%image: tensor<1x3x8x9xf32>) -> tensor<1x16x4x5xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x9xf32> -> tensor<1x16x8x9xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x9xf32> -> tensor<1x16x8x9xf32>
    mobileone.yield %conv : tensor<1x16x8x9xf32>
  }
  %1 = mobileone.block "dilated" (%x = %0) : tensor<1x16x8x9xf32> -> tensor<1x16x8x9xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x3x3xf32>
      strides = [1, 1] padding = [2, 2] dilations = [2, 2] groups = 16 : tensor<1x16x8x9xf32> -> tensor<1x16x8x9xf32>
    mobileone.yield %conv : tensor<1x16x8x9xf32>
  }
  %2 = mobileone.block "wide" (%x = %1) : tensor<1x16x8x9xf32> -> tensor<1x16x4x5xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<16x1x5x5xf32>
      strides = [2, 2] padding = [2, 2] groups = 16 : tensor<1x16x8x9xf32> -> tensor<1x16x4x5xf32>
    mobileone.yield %conv : tensor<1x16x4x5xf32>
  }
  return %2 : tensor<1x16x4x5xf32>
}
