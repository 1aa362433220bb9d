// Of several outputs each is written as soon as it is there: a map in planes or with
// channels last, numbers without the padding of the last panel.
// RUN: mobileone-opt %s --mobileone-plan --convert-mobileone-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @outputs(
// CHECK-SAME:    %[[LAST:[^ ]+]]: memref<320xf32>, %[[MEAN:[^ ]+]]: memref<20xf32>, %[[MAP:[^ ]+]]: memref<320xf32>)
func.func @outputs(%image: tensor<1x3x8x8xf32>) -> (tensor<1x4x4x20xf32> {mobileone.name = "last"}, tensor<1x20xf32>, tensor<1x20x4x4xf32>) {
  // CHECK:      %[[STEM:.+]] = call @dense_{{.+}}_border1111(
  // CHECK:      call @store_features_4x4x20_border1111(%[[STEM]], %[[MAP]])
  // CHECK-NEXT: call @store_features_4x4x20_border1111_nhwc(%[[STEM]], %[[LAST]]) : (tensor<6x6x2x16xf32>, memref<320xf32>) -> ()
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x20x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<20x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x20x4x4xf32>
    mobileone.yield %conv : tensor<1x20x4x4xf32>
  }
  %1 = mobileone.channels_last %0 : tensor<1x20x4x4xf32> -> tensor<1x4x4x20xf32>
  // CHECK:      %[[NEXT:.+]] = call @depthwise_
  %2 = mobileone.block "next" (%x = %0) : tensor<1x20x4x4xf32> -> tensor<1x20x4x4xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<20x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 20 : tensor<1x20x4x4xf32> -> tensor<1x20x4x4xf32>
    mobileone.yield %conv : tensor<1x20x4x4xf32>
  }
  // CHECK:      %[[POOLED:.+]] = call @average_4x4x20(%[[NEXT]]
  // CHECK:      %[[NUMBERS:.+]] = tensor.extract_slice %{{.+}}[0] [20] [1]
  // CHECK:      bufferization.materialize_in_destination %[[NUMBERS]] in restrict writable %[[MEAN]]
  // CHECK-NEXT: return
  %3 = mobileone.global_average_pool %2 : tensor<1x20x4x4xf32> -> tensor<1x20xf32>
  return %1, %3, %0 : tensor<1x4x4x20xf32>, tensor<1x20xf32>, tensor<1x20x4x4xf32>
}
// CHECK-LABEL: func.func private @store_features_4x4x20_border1111_nhwc(
// CHECK:         vector.transfer_write {{.+}} : vector<16xf32>, memref<320xf32>
// CHECK:         vector.extract_strided_slice {{.+}} : vector<16xf32> to vector<4xf32>
// CHECK:         vector.transfer_write {{.+}} : vector<4xf32>, memref<320xf32>
