// What attributes of a plan may not say.
// RUN: mobileone-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expects panels, planar or interleaved, but got rows}}
func.func private @f() attributes {a = #mobileone.layout<rows 4x4x8xf32>}

// -----

// expected-error @+1 {{expects height, width and channels, but got 2 numbers}}
func.func private @f() attributes {a = #mobileone.layout<panels 4x8xf32>}

// -----

// expected-error @+1 {{expects 4 sides of a border, but got 3}}
func.func private @f() attributes {a = #mobileone.layout<panels 4x4x8xf32, border = [1, 1, 1]>}

// -----

// expected-error @+1 {{expects 4 sides of a border, but got 5}}
func.func private @f() attributes {a = #mobileone.layout<panels 4x4x8xf32, border = [1, 1, 1, 1, 1]>}

// -----

// expected-error @+1 {{expects sizes from 1 to 2147483648, but got 0}}
func.func private @f() attributes {a = #mobileone.layout<panels 4x0x8xf32>}

// -----

// expected-error @+1 {{expects borders and gaps from 0 to 2147483648, but got -1}}
func.func private @f() attributes {a = #mobileone.layout<panels 4x4x8xf32, border = [0, -1, 0, 0]>}

// -----

// expected-error @+1 {{expects borders and gaps from 0 to 2147483648, but got -1}}
func.func private @f() attributes {a = #mobileone.layout<panels 4x4x8xf32, gap = -1>}

// -----

// expected-error @+1 {{expects a gap behind panels alone}}
func.func private @f() attributes {a = #mobileone.layout<planar 4x4x8xf32, gap = 1>}

// -----

// expected-error @+1 {{expects reversed channels of interleaved pixels}}
func.func private @f() attributes {a = #mobileone.layout<planar 4x4x8xf32, reversed>}

// -----

// expected-error @+1 {{expects elements of f32, of panels also i8 or i32, but got 'i16'}}
func.func private @f() attributes {a = #mobileone.layout<panels 4x4x8xi16>}

// -----

// expected-error @+1 {{expects at most 1099511627776 elements, but got 1048576x1048576x16, border included}}
func.func private @f() attributes {a = #mobileone.layout<panels 1048576x1048576x1xf32>}

// -----

// expected-error @+1 {{expects at most 1099511627776 elements}}
func.func private @f() attributes {a = #mobileone.layout<panels 2147483648x2147483648x2147483648xf32, border = [2147483648, 2147483648, 2147483648, 2147483648]>}

// -----

// expected-error @+1 {{expects at least 2 layers, but got 1}}
func.func private @f() attributes {a = #mobileone.bands<layers = 1, rows = 2>}

// -----

// expected-error @+1 {{expects bands of at least 1 rows, but got 0}}
func.func private @f() attributes {a = #mobileone.bands<layers = 2, rows = 0>}

// -----

// expected-error @+1 {{expects bands of at least 2 rows, but got 1}}
func.func private @f() attributes {a = #mobileone.bands<layers = 2, rows = 1, in_place>}

// -----

// expected-error @+1 {{expected 'in_place'}}
func.func private @f() attributes {a = #mobileone.bands<layers = 2, rows = 1, upside_down>}

// -----

// expected-error @+2 {{failed to parse MobileOne_PackingAttr parameter}}
// expected-error @+1 {{expected ::mobileone::Packing to be one of: dense, depthwise, pointwise}}
func.func private @f() attributes {a = #mobileone.packing<sparse>}

// -----

// expected-error @+1 {{'func.func' op expects mobileone.layout at an op of this dialect with one result}}
func.func private @f() attributes {mobileone.layout = #mobileone.layout<panels 4x4x8xf32>}

// -----

func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  // expected-error @+1 {{'mobileone.softmax' op expects mobileone.layout to be a #mobileone.layout, but got 1 : i64}}
  %0 = mobileone.softmax %x {mobileone.layout = 1} : tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}

// -----

func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  // expected-error @+1 {{'mobileone.softmax' op expects a layout of 1x1x8, but got #mobileone.layout<panels 1x1x9xf32>}}
  %0 = mobileone.softmax %x {mobileone.layout = #mobileone.layout<panels 1x1x9xf32>} : tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}

// -----

// expected-error @+1 {{'func.func' op expects a layout of 8x6x3, but got #mobileone.layout<planar 6x8x3xf32>}}
func.func private @f(tensor<1x3x8x6xf32> {mobileone.layout = #mobileone.layout<planar 6x8x3xf32>})

// -----

// expected-error @+1 {{'func.func' op expects mobileone.layout for a tensor NCHW or NC, but got 'i32'}}
func.func private @f(i32 {mobileone.layout = #mobileone.layout<planar 6x8x3xf32>})

// -----

func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  // expected-error @+1 {{'mobileone.softmax' op expects mobileone.packing to be a #mobileone.packing at a convolution, but got #mobileone.packing<dense>}}
  %0 = mobileone.softmax %x {mobileone.packing = #mobileone.packing<dense>} : tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}

// -----

func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  // expected-error @+1 {{'mobileone.softmax' op expects mobileone.bands to be a #mobileone.bands at a block, but got #mobileone.bands<layers = 2, rows = 2>}}
  %0 = mobileone.softmax %x {mobileone.bands = #mobileone.bands<layers = 2, rows = 2>} : tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}

// -----

func.func @f(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  // expected-error @+1 {{'mobileone.softmax' op expects mobileone.layout, mobileone.packing or mobileone.bands, but got "mobileone.layuot"}}
  %0 = mobileone.softmax %x {mobileone.layuot = #mobileone.layout<panels 1x1x8xf32>} : tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}
