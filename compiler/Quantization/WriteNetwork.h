// Rewrites a network's function into its quantized form.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_WRITENETWORK_H
#define MOBILEONE_COMPILER_QUANTIZATION_WRITENETWORK_H

#include "compiler/Quantization/QuantizedNetwork.h"
#include "compiler/Quantization/ReadNetwork.h"

namespace mobileone {

/// Makes the ops that were `read` those of `quantized`. Bytes and sums that the
/// function returns become real numbers first.
void writeNetwork(const ReadNetwork &read, const QuantizedNetwork &quantized);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_WRITENETWORK_H
