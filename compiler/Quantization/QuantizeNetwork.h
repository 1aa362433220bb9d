// Turns a network of float32 into one of integers, as far as that is good.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_QUANTIZENETWORK_H
#define MOBILEONE_COMPILER_QUANTIZATION_QUANTIZENETWORK_H

#include "compiler/Quantization/Report.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mobileone {

/// Images such as the network will see, one after the other, each as the
/// function's argument: `bytes` where that is ui8, else `floats`. About 100
/// without labels are enough.
struct CalibrationImages {
  std::vector<uint8_t> bytes;
  std::vector<float> floats;
};

struct QuantizeOptions {
  /// Blocks whose weights stay float32, beside the first one; unset: chosen
  /// within the budget, by chooseSensitive().
  std::optional<std::vector<std::string>> sensitive;
  /// How many layers stay float32, and their part of the multiply-adds, the
  /// first block included, which always does.
  size_t budgetLayers = 5;
  double budgetShare = 0.15;
  /// How far scales of a pointwise layer's inputs follow each channel's range:
  /// 0 not at all, 1 all the way.
  double alpha = 0.65;
};

/// Rewrites `network`, single-branch and without a plan, in place, and says in
/// `report` what was done. Emits an error at what cannot be quantized, and at
/// images of another size; the network is then as it was.
mlir::LogicalResult quantizeNetwork(mlir::func::FuncOp network,
                                    const CalibrationImages &images,
                                    const QuantizeOptions &options,
                                    QuantizationReport &report);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_QUANTIZENETWORK_H
