// Which layers of a network stay in float32.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_CHOOSESENSITIVE_H
#define MOBILEONE_COMPILER_QUANTIZATION_CHOOSESENSITIVE_H

#include "compiler/Quantization/FloatNetwork.h"

namespace mobileone {

/// For each block whether it stays float32. Noise is made where numbers are few
/// or spread wide: in the first three blocks, and in the last pair of the stage
/// before the last one. They are taken in this order as long as no more than
/// `budgetLayers` are, and no more than `budgetShare` of the multiply-adds. The
/// first block is taken in any case.
std::vector<bool> chooseSensitive(const FloatNetwork &network,
                                  size_t budgetLayers, double budgetShare);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_CHOOSESENSITIVE_H
