// Blocks whose images are large become one kernel that works in bands of rows.
// RUN: mobileone-opt %s --mobileone-plan > %t
// RUN: FileCheck %s < %t
// RUN: FileCheck %s --check-prefix=COUNT < %t
// Where each result must stand in memory, there are none.
// RUN: mobileone-opt %s --mobileone-plan=keep-results | FileCheck %s --check-prefix=KEEP --implicit-check-not=mobileone.bands

// COUNT-COUNT-2: {mobileone.bands = 
// COUNT-NOT:     {mobileone.bands = 

// CHECK-LABEL: func.func @network(
// The stem, and the depthwise and the pointwise block behind it, which are not
// wanted whole: without a gap. 57 rows are at least 8 bands; 112 pixels fill one.
// CHECK: block "stem" {{.+}} attributes {mobileone.bands = #mobileone.bands<layers = 3, rows = 2>, mobileone.layout = #mobileone.layout<panels 114x112x48xf32, border = [1, 1, 0, 0]>}
// CHECK: block "stage1.0" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 57x56x48xf32>}
// The pair's input has a spare row above; its result stands one row higher.
// CHECK: block "stage1.1" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 57x56x48xf32, border = [2, 1, 1, 1]>}
// CHECK: block "stage1.2" {{.+}} attributes {mobileone.bands = #mobileone.bands<layers = 2, rows = 2, in_place>, mobileone.layout = #mobileone.layout<panels 57x56x48xf32>}
// CHECK: block "stage1.3" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 57x56x48xf32, border = [1, 1, 2, 1]>}
// CHECK: block "stage2.0" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 29x28x48xf32>}
// KEEP:  block "stage1.1" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 57x56x48xf32, border = [1, 1, 1, 1]>}
// KEEP:  block "stage1.3" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 57x56x48xf32, border = [1, 1, 1, 0]>}
func.func @network(%image: tensor<1x3x228x224xf32>) -> tensor<1x48xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x228x224xf32> -> tensor<1x48x114x112xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x228x224xf32> -> tensor<1x48x114x112xf32>
    mobileone.yield %conv : tensor<1x48x114x112xf32>
  }
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x48x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 48 : tensor<1x48x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %3 = mobileone.block "stage1.2" (%x = %2) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %4 = mobileone.block "stage1.3" (%x = %3) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %5 = mobileone.block "stage2.0" (%x = %4) : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32>
    mobileone.yield %conv : tensor<1x48x29x28xf32>
  }
  %mean = mobileone.global_average_pool %5 : tensor<1x48x29x28xf32> -> tensor<1x48xf32>
  return %mean : tensor<1x48xf32>
}
