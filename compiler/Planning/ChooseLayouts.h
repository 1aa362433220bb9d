// Chooses how values lie in memory and how filters are packed.
#ifndef MOBILEONE_COMPILER_PLANNING_CHOOSELAYOUTS_H
#define MOBILEONE_COMPILER_PLANNING_CHOOSELAYOUTS_H

#include "dialect/IR/MobileOneOps.h"

namespace mobileone {

/// The zeros that the blocks that read `value`, NCHW, want to find around it.
Border chooseBorder(mlir::Value value);

/// Panels of a block's result `value`, NCHW.
Layout choosePanels(mlir::Value value);

/// Layouts around a depthwise and a pointwise block that work in place: their
/// input has a spare row above what the 3x3 window reads, between them are rows
/// without a border, and the result stands where the input was, one row higher.
struct PairLayouts {
  Layout input, middle, result;
};

/// Those of a pair whose input lies in `panels`, whatever their border.
PairLayouts getPairLayouts(const Layout &panels);

/// One pixel of the numbers `value`, NC.
Layout chooseNumbers(mlir::Value value);

/// The image as the network reads it: planar, or as pixels where `read` turns
/// them into it.
Layout chooseImage(mlir::Value value, ReadImageOp read);

/// Whether the kernel for `packing` computes `conv`, of an image or of panels.
bool canPack(ConvOp conv, bool ofImage, Packing packing);

/// Which kernel computes `conv`, a block's convolution of `input`; an error at
/// it if none can.
mlir::FailureOr<Packing> choosePacking(ConvOp conv, mlir::Value input);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_PLANNING_CHOOSELAYOUTS_H
