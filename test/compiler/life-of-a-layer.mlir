// A depthwise and a pointwise block on their way through all stages: the snippets
// of docs/Architecture.md. Here each stage is asked for its promise only.
// RUN: mobileone-opt %s --emit=train | FileCheck %s --check-prefix=TRAIN
// RUN: mobileone-opt %s --emit=reparameterized | FileCheck %s --check-prefix=SINGLE
// RUN: mobileone-opt %s --emit=planned | FileCheck %s --check-prefix=PLANNED
// RUN: mobileone-opt %s --emit=linalg | FileCheck %s --check-prefix=LINALG
// RUN: mobileone-opt %s --emit=vector --isa=x86-64-v4 --print-schedule -o /dev/null 2>&1 | FileCheck %s --check-prefix=SCHEDULE
// RUN: mobileone-opt %s --emit=vector --mlir-elide-resource-strings-if-larger=16 --isa=x86-64-v4 | FileCheck %s --check-prefix=VECTOR
// RUN: mobileone-opt %s --emit=llvm --isa=x86-64-v4 | FileCheck %s --check-prefix=LLVM
// RUN: mobileone-opt %s --emit=asm --isa=x86-64-v4 | FileCheck %s --check-prefix=ASM

// All norms have variance 3 and epsilon 1, so that they multiply by
// gamma / sqrt(3 + 1) = gamma / 2.
func.func @net(%image: tensor<1x3x32x32xf32>) -> tensor<1x10xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x32x32xf32> -> tensor<1x48x16x16xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x3x3x3xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x3x32x32xf32> -> tensor<1x48x16x16xf32>
    %norm = mobileone.batch_norm %conv gamma = dense<2.0> : tensor<48xf32> beta = dense<1.0> : tensor<48xf32>
      mean = dense<0.0> : tensor<48xf32> variance = dense<3.0> : tensor<48xf32> epsilon = 1.0 : tensor<1x48x16x16xf32>
    %act = mobileone.activation relu %norm : tensor<1x48x16x16xf32>
    mobileone.yield %act : tensor<1x48x16x16xf32>
  }
  // Filter: 1/2 everywhere, and 1 (scale) + 2 (norm alone) in the centre.
  %1 = mobileone.block "stage1.0" (%x = %0) : tensor<1x48x16x16xf32> -> tensor<1x48x16x16xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<48x1x3x3xf32>
      strides = [1, 1] padding = [1, 1] groups = 48 : tensor<1x48x16x16xf32> -> tensor<1x48x16x16xf32>
    %norm = mobileone.batch_norm %conv gamma = dense<1.0> : tensor<48xf32> beta = dense<1.0> : tensor<48xf32>
      mean = dense<0.0> : tensor<48xf32> variance = dense<3.0> : tensor<48xf32> epsilon = 1.0 : tensor<1x48x16x16xf32>
    %scale = mobileone.conv %x filter = dense<1.0> : tensor<48x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 48 : tensor<1x48x16x16xf32> -> tensor<1x48x16x16xf32>
    %scale_norm = mobileone.batch_norm %scale gamma = dense<2.0> : tensor<48xf32> beta = dense<1.0> : tensor<48xf32>
      mean = dense<0.0> : tensor<48xf32> variance = dense<3.0> : tensor<48xf32> epsilon = 1.0 : tensor<1x48x16x16xf32>
    %skip_norm = mobileone.batch_norm %x gamma = dense<4.0> : tensor<48xf32> beta = dense<1.0> : tensor<48xf32>
      mean = dense<0.0> : tensor<48xf32> variance = dense<3.0> : tensor<48xf32> epsilon = 1.0 : tensor<1x48x16x16xf32>
    %sum = mobileone.add %norm, %scale_norm, %skip_norm : tensor<1x48x16x16xf32>
    %act = mobileone.activation relu %sum : tensor<1x48x16x16xf32>
    mobileone.yield %act : tensor<1x48x16x16xf32>
  }
  %2 = mobileone.block "stage1.1" (%x = %1) : tensor<1x48x16x16xf32> -> tensor<1x64x16x16xf32> {
    %conv = mobileone.conv %x filter = dense<1.0> : tensor<64x48x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x48x16x16xf32> -> tensor<1x64x16x16xf32>
    %norm = mobileone.batch_norm %conv gamma = dense<2.0> : tensor<64xf32> beta = dense<1.0> : tensor<64xf32>
      mean = dense<1.0> : tensor<64xf32> variance = dense<3.0> : tensor<64xf32> epsilon = 1.0 : tensor<1x64x16x16xf32>
    %act = mobileone.activation relu %norm : tensor<1x64x16x16xf32>
    mobileone.yield %act : tensor<1x64x16x16xf32>
  }
  %3 = mobileone.global_average_pool %2 : tensor<1x64x16x16xf32> -> tensor<1x64xf32>
  %4 = mobileone.linear "head" %3 weight = dense<1.0> : tensor<10x64xf32> bias = dense<0.0> : tensor<10xf32>
    : tensor<1x64xf32> -> tensor<1x10xf32>
  return %4 : tensor<1x10xf32>
}

// TRAIN-LABEL: func.func @net(
// TRAIN-COUNT-5: mobileone.batch_norm

// The norm's factors are 1/2, 2/2 and 4/2: the filter is 1/2 around 7/2.
// SINGLE-LABEL: func.func @net(
// SINGLE-NOT:   mobileone.batch_norm
// SINGLE:       mobileone.block "stage1.0"
// SINGLE-NEXT:    mobileone.conv {{.*}} filter = dense_resource<stage1.0.filter> : tensor<48x1x3x3xf32> bias = dense<3.000000e+00> : tensor<48xf32>
// SINGLE-NEXT:    mobileone.activation relu
// SINGLE-NEXT:    mobileone.yield

// PLANNED-LABEL: func.func @net(
// PLANNED:       mobileone.block "stem" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 16x16x48xf32, border = [1, 1, 1, 1]>}
// PLANNED:       mobileone.block "stage1.0" {{.+}} attributes {mobileone.layout = #mobileone.layout<panels 16x16x48xf32>}
// PLANNED-NEXT:    mobileone.conv {{.+}} {mobileone.packing = #mobileone.packing<depthwise>}

// LINALG-LABEL: func.func @net(
// LINALG:         call @depthwise_16x16x48_border1111_stride1_to_16x16x48_relu({{.+}}) : (tensor<18x18x3x16xf32>, tensor<3x3x3x16xf32>, tensor<3x16xf32>, tensor<16x16x3x16xf32>)
// LINALG:         call @pointwise_16x16x48_to_16x16x64_relu({{.+}}) : (tensor<16x16x3x16xf32>, tensor<4x48x16xf32>, tensor<4x16xf32>, tensor<16x16x4x16xf32>)
// LINALG-LABEL: func.func private @depthwise_16x16x48_border1111_stride1_to_16x16x48_relu(
// LINALG-COUNT-3: linalg.generic

// SCHEDULE: depthwise_16x16x48_border1111_stride1_to_16x16x48_relu = [#mobileone.schedule<pixels = [1, 16], panels = 1, lanes = 16, depth = [3, 3], order = [panels, pixels0, pixels1, lanes], split = pixels0, hoist>]
// SCHEDULE: pointwise_16x16x48_to_16x16x64_relu = [#mobileone.schedule<pixels = [1, 8], panels = 2, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = pixels0>]

// VECTOR-LABEL: func.func @net(
// VECTOR-SAME:    %{{.+}}: memref<3x32x32xf32>, %{{.+}}: index, %{{.+}}: memref<10xf32>, %[[ARENA:.+]]: memref<{{[0-9]+}}xi8>)
// VECTOR:         memref.view %[[ARENA]]{{.+}} to memref<16x16x3x16xf32>
// VECTOR-LABEL: func.func private @pointwise_16x16x48_to_16x16x64_relu(
// VECTOR:         scf.for {{.+}} iter_args({{.+}} -> (vector<16xf32>,
// VECTOR-NOT:       vector.transfer_write
// VECTOR:           scf.yield

// LLVM-LABEL: llvm.func @net(
// LLVM-SAME:    %{{.+}}: !llvm.ptr, %{{.+}}: i64, %{{.+}}: !llvm.ptr, %{{.+}}: !llvm.ptr, %{{.+}}: !llvm.ptr) -> i32
// LLVM:         llvm.call @pointwise_16x16x48_to_16x16x64_relu(

// ASM-LABEL: pointwise_16x16x48_to_16x16x64_relu.v4:
// ASM-DAG:     vfmadd{{.+}}%zmm
// ASM-DAG:     vmaxps {{.*}}%zmm
