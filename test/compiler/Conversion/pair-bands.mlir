// A depthwise and a pointwise block whose images together leave a cache of 1 MB
// become one kernel that works in bands of 2 rows, in place: the result takes the
// place of the input, one row higher. Workers share the bands; what the last band
// of a share reads is overwritten by the share below, so that a kernel before it
// computes the depthwise rows of these bands, the tails.
// RUN: mobileone-opt %s --split-input-file --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// 57 rows: 28 bands in a loop, and one row. The input has its border of zeros,
// and a spare row above.
// CHECK-DAG:   #[[$TAIL_ROW:.+]] = affine_map<()[s0] -> (s0 * 2 - 1)>
// CHECK-LABEL: func.func @pair(
func.func @pair(%image: tensor<1x3x114x112xf32>) -> tensor<1x48xf32> {
  // CHECK: %[[X:.+]] = call @dense_{{.+}}_to_57x56x48_border2111(
  // CHECK: %[[BUFFER:.+]] = bufferization.alloc_tensor() : tensor<2x56x3x16xf32>
  // CHECK: %[[TAIL:.+]] = call @[[TAILS:tail_pair_.+]](%[[W:.+]], %[[BIAS:.+]], %[[X]], %[[BUFFER]], %c0{{.*}}, %c29{{.*}})
  // CHECK: %[[BAND:.+]] = bufferization.alloc_tensor() : tensor<2x56x3x16xf32>
  // CHECK: %[[Y:.+]] = call @[[KERNEL:pair_57x56x48_border2111_to_48_relu_to_57x56x48_border1121_rows2]](%[[W]], %[[BIAS]], {{.+}}, %[[TAIL]], %[[BAND]], %[[X]], %c0{{.*}}, %c29{{.*}})
  // The reader finds its border where it is after any other layer.
  // CHECK: call @depthwise_57x56x48_border1121_stride2_to_29x28x48(%[[Y]],
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %1 = mobileone.block "stage1.2" (%x = %0) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x48x57x56xf32>
    mobileone.yield %act : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %3 = mobileone.block "stage2.0" (%x = %2) : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32>
    mobileone.yield %conv : tensor<1x48x29x28xf32>
  }
  %mean = mobileone.global_average_pool %3 : tensor<1x48x29x28xf32> -> tensor<1x48xf32>
  return %mean : tensor<1x48xf32>
}
// A share that ends above the last row has a tail: two rows above its end, of
// four rows that begin one row higher, where the input lies.
// CHECK:       func.func private @[[TAILS]](
// CHECK-SAME:    %[[X:[^:]+]]: tensor<60x58x3x16xf32> {bufferization.writable = false}
// CHECK-SAME:    %[[TAIL:[^:]+]]: tensor<2x56x3x16xf32> {bufferization.writable = true, mobileone.share_bytes = 21504 : index}
// CHECK-SAME:    %[[BEGIN:[^:]+]]: index, %[[END:[^:]+]]: index)
// CHECK-SAME:    attributes {mobileone.units = 29 : index}
// CHECK:         %[[HAS_TAIL:.+]] = arith.cmpi ult, %[[END]], %c29
// CHECK:         scf.if %[[HAS_TAIL]]
// CHECK:           %[[ROW:.+]] = affine.apply #[[$TAIL_ROW]]()[%[[END]]]
// CHECK:           tensor.extract_slice %[[X]][%[[ROW]], 0, 0, 0] [4, 58, 3, 16]
// CHECK:         else
// CHECK-NEXT:      scf.yield %[[TAIL]]

// CHECK:       func.func private @[[KERNEL]](
// CHECK-SAME:    %[[TAIL:[^:]+]]: tensor<2x56x3x16xf32> {bufferization.writable = false, mobileone.share_bytes = 21504 : index}
// CHECK-SAME:    %[[BAND:[^:]+]]: tensor<2x56x3x16xf32> {bufferization.writable = true, mobileone.worker_bytes = 21504 : index}
// CHECK-SAME:    %[[BUFFER:[^:]+]]: tensor<60x58x3x16xf32> {bufferization.writable = true}
// CHECK-SAME:    %[[BEGIN:[^:]+]]: index, %[[END:[^:]+]]: index)
// CHECK-SAME:    attributes {mobileone.band_rows = 2 : index, mobileone.units = 29 : index}
// CHECK:         %[[IS_LAST:.+]] = arith.cmpi uge, %[[END]], %c29
// CHECK-DAG:     %[[FULL:.+]] = arith.minui %[[END]], %c28
// CHECK-DAG:     %[[LAST:.+]] = arith.subi %[[END]], %c1
// CHECK:         %[[UPPER:.+]] = arith.select %[[IS_LAST]], %[[FULL]], %[[LAST]]
// CHECK:         scf.for %{{.+}} = %[[BEGIN]] to %[[UPPER]] step %c1{{[^ ]*}} iter_args(%{{.+}} = %[[BAND]], %[[IMAGE:.+]] = %[[BUFFER]])
// CHECK:           tensor.extract_slice %[[IMAGE]][%{{.+}}, 0, 0, 0] [4, 58, 3, 16]
// CHECK:           outs(%{{.+}} : tensor<2x56x3x16xf32>)
// CHECK:           tensor.extract_slice %[[IMAGE]][%{{.+}}, 1, 0, 0] [2, 56, 3, 16]
// CHECK:           tensor.insert_slice %{{.+}} into %[[IMAGE]]
// CHECK:         scf.yield
// CHECK:         scf.if %[[IS_LAST]]
// The last row, whose windows end in the border.
// CHECK:           tensor.extract_slice %{{.+}}[57, 0, 0, 0] [3, 58, 3, 16]
// CHECK:           tensor.insert_slice %{{.+}} into %{{.+}}[57, 1, 0, 0] [1, 56, 3, 16]
// Where the input's last row was, the result's border begins.
// CHECK:           linalg.fill
// CHECK:           tensor.insert_slice %{{.+}} into %{{.+}}[58, 0, 0, 0] [1, 58, 3, 16]
// CHECK:         else
// From the tail, by the pointwise block alone.
// CHECK:           tensor.collapse_shape %[[TAIL]]
// CHECK:           tensor.insert_slice %{{.+}} into %{{.+}}[%{{.+}}, 1, 0, 0] [2, 56, 3, 16]

// -----

// Pairs in a row share kernels, which in place they could not.
// CHECK-LABEL: func.func @pairs_in_a_row_share_kernels(
func.func @pairs_in_a_row_share_kernels(%image: tensor<1x3x114x112xf32>) -> tensor<1x48xf32> {
  // CHECK-NOT: call @pair
  // CHECK:     return
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %1 = mobileone.block "stage1.2" (%x = %0) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x48x57x56xf32>
    mobileone.yield %act : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %3 = mobileone.block "stage1.4" (%x = %2) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x48x57x56xf32>
    mobileone.yield %act : tensor<1x48x57x56xf32>
  }
  %4 = mobileone.block "stage1.5" (%x = %3) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
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

// -----

// The depthwise block's result has a second reader, which needs it whole.
// CHECK-LABEL: func.func @two_readers_stay_apart(
func.func @two_readers_stay_apart(%image: tensor<1x3x114x112xf32>) -> tensor<1x48xf32> {
  // CHECK-NOT: call @pair
  // CHECK:     return
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %1 = mobileone.block "stage1.2" (%x = %0) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x48x57x56xf32>
    mobileone.yield %act : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %3 = mobileone.block "stage2.0" (%x = %2) : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x29x28xf32>
    mobileone.yield %conv : tensor<1x48x29x28xf32>
  }
  %other = mobileone.global_average_pool %1 : tensor<1x48x57x56xf32> -> tensor<1x48xf32>
  %mean = mobileone.global_average_pool %3 : tensor<1x48x29x28xf32> -> tensor<1x48xf32>
  return %mean : tensor<1x48xf32>
}

// -----

// Nothing behind the pair wants a border, where the result would have one.
// CHECK-LABEL: func.func @without_a_window_behind(
func.func @without_a_window_behind(%image: tensor<1x3x114x112xf32>) -> tensor<1x48xf32> {
  // CHECK-NOT: call @pair
  // CHECK:     return
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %1 = mobileone.block "stage1.2" (%x = %0) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x48x57x56xf32>
    mobileone.yield %act : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %mean = mobileone.global_average_pool %2 : tensor<1x48x57x56xf32> -> tensor<1x48xf32>
  return %mean : tensor<1x48xf32>
}

// -----

// The result has other channels than the input, in whose place it does not fit.
// CHECK-LABEL: func.func @wider_result(
func.func @wider_result(%image: tensor<1x3x114x112xf32>) -> tensor<1x64xf32> {
  // CHECK-NOT: call @pair
  // CHECK:     return
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x114x112xf32> -> tensor<1x48x57x56xf32>
    mobileone.yield %conv : tensor<1x48x57x56xf32>
  }
  %1 = mobileone.block "stage1.2" (%x = %0) : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x57x56xf32> -> tensor<1x48x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x48x57x56xf32>
    mobileone.yield %act : tensor<1x48x57x56xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x48x57x56xf32> -> tensor<1x64x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<64x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x57x56xf32> -> tensor<1x64x57x56xf32>
    mobileone.yield %conv : tensor<1x64x57x56xf32>
  }
  %3 = mobileone.block "stage2.0" (%x = %2) : tensor<1x64x57x56xf32> -> tensor<1x64x29x28xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<64x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 64 : tensor<1x64x57x56xf32> -> tensor<1x64x29x28xf32>
    mobileone.yield %conv : tensor<1x64x29x28xf32>
  }
  %mean = mobileone.global_average_pool %3 : tensor<1x64x29x28xf32> -> tensor<1x64xf32>
  return %mean : tensor<1x64xf32>
}

// -----

// 2 * 57 * 56 * 32 floats are 0.8 MB, which stay in the cache.
// CHECK-LABEL: func.func @small_images_stay_apart(
func.func @small_images_stay_apart(%image: tensor<1x3x114x112xf32>) -> tensor<1x32xf32> {
  // CHECK-NOT: call @pair
  // CHECK:     return
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x114x112xf32> -> tensor<1x32x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<32x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x114x112xf32> -> tensor<1x32x57x56xf32>
    mobileone.yield %conv : tensor<1x32x57x56xf32>
  }
  %1 = mobileone.block "stage1.2" (%x = %0) : tensor<1x32x57x56xf32> -> tensor<1x32x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<32x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 32 : tensor<1x32x57x56xf32> -> tensor<1x32x57x56xf32>
    %act = mobileone.activation relu %conv : tensor<1x32x57x56xf32>
    mobileone.yield %act : tensor<1x32x57x56xf32>
  }
  %2 = mobileone.block "stage1.3" (%x = %1) : tensor<1x32x57x56xf32> -> tensor<1x32x57x56xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<32x32x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x32x57x56xf32> -> tensor<1x32x57x56xf32>
    mobileone.yield %conv : tensor<1x32x57x56xf32>
  }
  %3 = mobileone.block "stage2.0" (%x = %2) : tensor<1x32x57x56xf32> -> tensor<1x32x29x28xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<32x1x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 32 : tensor<1x32x57x56xf32> -> tensor<1x32x29x28xf32>
    mobileone.yield %conv : tensor<1x32x29x28xf32>
  }
  %mean = mobileone.global_average_pool %3 : tensor<1x32x29x28xf32> -> tensor<1x32xf32>
  return %mean : tensor<1x32xf32>
}
