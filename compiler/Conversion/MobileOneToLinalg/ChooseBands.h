// Chooses which layers work in bands of rows, and their height.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_CHOOSEBANDS_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_CHOOSEBANDS_H

#include <cstdint>

namespace mobileone {

/// Whether two layers that read `input` and `middle` bytes gain from working in
/// turns, band by band of rows.
bool gainsFromBands(int64_t input, int64_t middle);

/// Rows of a result of `height` x `width` pixels in one band.
int64_t chooseBandRows(int64_t height, int64_t width);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_CHOOSEBANDS_H
