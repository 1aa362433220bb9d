// Lowers the ops of a planned network one by one to calls of kernels.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_NETWORKLOWERING_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_NETWORKLOWERING_H

#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Planning/SingleBranch.h"

namespace mobileone {

/// A lowered value and how it lies in memory.
struct Lowered {
  mlir::Value value;
  Layout layout;
};

/// The caller's image, not yet read.
struct Image {
  Layout source; // as the caller has it
  Layout layout; // as the network reads it
  /// Of the kernel that reads it: LayerSpec::ReadImage.
  llvm::SmallVector<mlir::Value> inputs;
  mlir::Location loc;
};

/// Blocks that become one kernel, which works in bands of rows.
struct Band {
  BlockOp block;
  SingleBranch ops;
  LayerSpec layer;
};

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
  mlir::LogicalResult lower(DequantizeOp op);
  mlir::LogicalResult lower(GlobalAveragePoolOp op);
  mlir::LogicalResult lower(GlobalSumPoolOp op);
  mlir::LogicalResult lower(LinearOp op);
  mlir::LogicalResult lower(SoftmaxOp op);
  mlir::LogicalResult lower(ChannelsLastOp op);
  mlir::LogicalResult lower(mlir::func::ReturnOp op);
  /// Writes `result` of the network to the caller's buffer `index`.
  mlir::LogicalResult store(mlir::Value result, unsigned index);
  /// Does so with those that `op` gives, where there are several.
  mlir::LogicalResult storeResults(mlir::Operation *op);
  /// Says at the return that no layer made what it returns.
  mlir::LogicalResult refuseImage();

  /// Puts what a caller gives behind the argument, which goes when all its
  /// users are lowered: a buffer of the image, how many elements after each
  /// other its rows begin, and a buffer for each result.
  mlir::LogicalResult addArguments();
  /// Notes the image where blocks read it as it is.
  mlir::LogicalResult notePlanarImage();
  /// The lowered form of `value`; reads an image that no kernel has read yet.
  Lowered getLowered(mlir::Value value);
  /// Whether `value` is an image that nobody but one block will read.
  bool isUnreadImage(mlir::Value value) const;

  /// Lowers `block` and those behind it as one kernel.
  mlir::LogicalResult lowerBands(BlockOp block, BandsAttr bands);
  /// The blocks that `bands` at `block` names; an error if they cannot be one
  /// kernel.
  mlir::FailureOr<llvm::SmallVector<Band>> findBands(BlockOp block,
                                                     BandsAttr bands);
  mlir::LogicalResult lowerStem(llvm::ArrayRef<Band> blocks, int64_t rows);
  mlir::LogicalResult lowerPair(llvm::ArrayRef<Band> blocks, int64_t rows);
  /// The packed filter, the bias and the factor of `layer`, if it has one.
  llvm::SmallVector<mlir::Value> getWeights(const SingleBranch &ops,
                                            const LayerSpec &layer);
  /// Calls the kernel of `spec` on `inputs` and the buffer `result`.
  Lowered callBands(llvm::ArrayRef<Band> blocks, const KernelSpec &spec,
                    mlir::ValueRange inputs, mlir::Value result);

  /// The convolution of a block with what follows it up to `result`.
  mlir::FailureOr<Lowered> lowerConv(const SingleBranch &ops, Lowered input,
                                     Layout result);
  /// A matrix; `filter` and `bias` not yet packed, nor `factor`, where there is
  /// one.
  Lowered lowerMatrix(mlir::Location loc, Lowered input, Layout result,
                      mlir::ElementsAttr filter, mlir::ElementsAttr bias,
                      Activation activation, mlir::ElementsAttr factor = {});
  Lowered lowerSqueezeExcite(const SingleBranch &ops, Lowered input,
                             Layout result);

  /// Calls the kernel of one layer with `operands` and a new buffer for its
  /// result.
  Lowered call(mlir::Location loc, const Layout &input, const LayerSpec &layer,
               mlir::ValueRange operands);
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
  llvm::SmallVector<mlir::Value> outputs;     // one buffer per result
  llvm::DenseMap<mlir::Value, Lowered> lowered;
  llvm::DenseMap<mlir::Value, Image> images;
};

/// The layout of `kind` that the plan gives the result of `op`; an error at it
/// if there is none, or none for numbers of its type.
mlir::FailureOr<Layout> getPlannedLayout(mlir::Operation *op,
                                         Layout::Kind kind);

/// The kernel that the plan gives `conv`, which reads `input`; an error at it
/// if there is none or if it cannot compute it.
mlir::FailureOr<LayerSpec::Kind> getPlannedKind(ConvOp conv,
                                                const Layout &input);

/// The convolution of a block with what follows it up to `result`: all, or up
/// to its squeeze_excite.
LayerSpec getLayer(LayerSpec::Kind kind, const SingleBranch &ops,
                   const Layout &input, const Layout &result);

Activation getActivation(const SingleBranch &ops);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_NETWORKLOWERING_H
