// Lowers the ops of a network one by one to calls of kernels.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_NETWORKLOWERING_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_NETWORKLOWERING_H

#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"
#include "compiler/Conversion/Passes.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/IR/Builders.h"

namespace mobileone {

/// A lowered value and how it lies in memory.
struct Lowered {
  mlir::Value value;
  Layout layout;
};

/// The ops of a single-branch block: act(se(conv)).
struct SingleBranch {
  ConvOp conv;
  SqueezeExciteOp squeezeExcite;
  Activation activation = Activation::None;
};

/// The caller's image, not yet read.
struct Image {
  Layout layout;
  /// Of the kernel that reads it, see KernelLibrary::getReadImage().
  llvm::SmallVector<mlir::Value> inputs;
  mlir::Location loc;
};

/// Finds the ops of a block, or says what is there that must not be.
mlir::FailureOr<SingleBranch> matchSingleBranch(BlockOp block);

/// A block of one convolution, without squeeze-and-excitation.
struct PlainBlock {
  BlockOp op;
  ConvOp conv;
  Activation activation;
};

/// A depthwise and a pointwise block that become one kernel. It works in place:
/// the result takes the place of the input, one row higher.
struct Pair {
  PlainBlock depthwise, pointwise;
};

/// The bias of `conv`, zeros where it has none.
mlir::ElementsAttr getBias(ConvOp conv);

/// Lowers the ops of one network function in order.
class NetworkLowering {
public:
  NetworkLowering(mlir::func::FuncOp network, KernelLibrary &kernels,
                  Instrument instrument)
      : network(network), kernels(kernels), builder(network.getContext()),
        instrument(instrument) {}

  mlir::LogicalResult run();

private:
  /// Checks what the function is, beside its ops.
  mlir::LogicalResult verifyFunction();
  mlir::LogicalResult lower(mlir::Operation *op);
  /// Lowers a block or linear op between the hooks of its layer. A layer that
  /// was computed with the one before has none.
  mlir::LogicalResult lowerLayer(mlir::Operation *op);
  mlir::LogicalResult lower(ReadImageOp op);
  mlir::LogicalResult lower(BlockOp op);
  mlir::LogicalResult lower(GlobalAveragePoolOp op);
  mlir::LogicalResult lower(LinearOp op);
  mlir::LogicalResult lower(SoftmaxOp op);
  mlir::LogicalResult lower(mlir::func::ReturnOp op);

  /// Puts what a caller gives behind the argument, which goes when all its
  /// users are lowered: a buffer of the image, how many elements after each
  /// other its rows begin, and a buffer for the result.
  mlir::LogicalResult addArguments(mlir::RankedTensorType result);
  /// Notes where an image comes from; whoever reads it first lowers it.
  void noteImage(Layout layout, mlir::Value value,
                 mlir::ValueRange normalization = {});
  /// The lowered form of `value`; reads an image that no kernel has read yet.
  Lowered getLowered(mlir::Value value);
  /// How `value` (NCHW) is to lie in memory after lowering.
  Layout getPanelLayout(mlir::Value value) const;
  /// The pair that reads `input`, if there is one for which this pays.
  std::optional<Pair> findPair(mlir::Value input) const;
  /// Lowers `block`, a stem, and the depthwise and pointwise blocks behind it
  /// as one kernel, if they are such; else fails without an error.
  mlir::LogicalResult fuseStem(BlockOp block, const SingleBranch &stem);
  /// Likewise the pair that begins with `block`.
  mlir::LogicalResult fusePair(BlockOp block);
  /// Appends `block` to the layers of `shape`, and its weights to `inputs`.
  void addLayer(BandLayer::Kind kind, const PlainBlock &block, Layout result,
                BandShape &shape, llvm::SmallVectorImpl<mlir::Value> &inputs);
  /// Calls the kernel of `shape` on `inputs` and the buffer `result`.
  Lowered callBands(mlir::ArrayRef<mlir::Location> locs, const BandShape &shape,
                    mlir::ValueRange inputs, mlir::Value result);

  mlir::FailureOr<Lowered> lowerConv(ConvOp op, Lowered input, Layout result,
                                     Activation activation);
  /// A pointwise convolution or a matrix; `filter` and `bias` not yet packed.
  Lowered lowerPointwise(mlir::Location loc, Lowered input, Layout result,
                         mlir::ElementsAttr filter, mlir::ElementsAttr bias,
                         Activation activation);
  Lowered lowerSqueezeExcite(SqueezeExciteOp op, Lowered input, Layout result,
                             Activation activation);

  /// Calls `kernel` with `inputs` and a new buffer for its result.
  Lowered call(mlir::Location loc, mlir::func::FuncOp kernel,
               mlir::ValueRange inputs, Layout result);
  mlir::Value makeBuffer(mlir::Location loc, mlir::RankedTensorType type);
  mlir::Value constant(mlir::Location loc, mlir::ElementsAttr value);
  /// Calls `begin_layer` or `end_layer` of the contract; addresses are of type
  /// index.
  void callHook(mlir::Location loc, llvm::StringRef name,
                llvm::ArrayRef<mlir::Value> arguments);
  /// The operands of `end_layer` that tell where `result` lies.
  llvm::SmallVector<mlir::Value> describeTensor(mlir::Location loc,
                                                Lowered result);

  mlir::func::FuncOp network;
  KernelLibrary &kernels;
  mlir::OpBuilder builder;
  Instrument instrument;
  int64_t layerCount = 0;
  llvm::SmallVector<mlir::Value> imageInputs; // the buffer and its stride
  llvm::DenseMap<mlir::Value, Lowered> lowered;
  llvm::DenseMap<mlir::Value, Image> images;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_NETWORKLOWERING_H
