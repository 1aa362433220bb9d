// Rounds filters to integers so that the outputs of the layer change least.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_ROUNDFILTER_H
#define MOBILEONE_COMPILER_QUANTIZATION_ROUNDFILTER_H

#include "compiler/Quantization/Statistics.h"

namespace mobileone {

/// Largest weight of an int8 filter; -128 is not used.
inline constexpr double kLargestWeight = 127;

/// What the rows w of a filter (OxK) are to be close to. The squared error of
/// an output, up to a constant, is
///
///   w moments w^T - 2 w target^T
///
/// and `filter` is the real w of least error.
struct FilterProblem {
  /// KxK, positive definite.
  MatrixD moments;
  /// OxK: target = filter moments.
  MatrixD target;
  /// OxK.
  MatrixD filter;
};

/// The problem whose least is the filter itself: its outputs on these inputs.
/// `ridge`, relative to the mean variance of an input, is added to all
/// variances; it makes moments of few or alike samples definite.
FilterProblem keepFilter(const Statistics &statistics, const MatrixD &filter,
                         double ridge);

/// The problem whose least has the outputs of `statistics` on the inputs there,
/// in the mean over the samples: least squares, drawn to `filter` by `ridge`.
/// So a layer makes up for what quantization did to its inputs.
FilterProblem refitFilter(const Statistics &statistics, const MatrixD &filter,
                          double ridge);

/// Real value of weight 1 in each row: f max|w| / 127 with the f of 1, 0.95,
/// ..., 0.5 for which rounding to nearest has the least
/// sum over k of moments[k][k] (error of w[k])^2. At least 1e-12 / 127.
VectorD chooseWeightScales(const FilterProblem &problem);

/// `filter[o][k] / scale[o]`, rounded to even, -127 to 127.
MatrixD roundToNearest(const MatrixD &filter, const VectorD &scale);

/// GPTQ (Frantar et al., arXiv 2210.17323, algorithm 1): rounds the weights of
/// a row one after the other, those of the largest moments first, and each time
/// moves the rest to where the error is made up for best. Returns integers.
MatrixD roundByGptq(const FilterProblem &problem, const VectorD &scale);

/// Cyclic coordinate descent (QuantEase, Behdin et al., arXiv 2309.01885,
/// section 3): each weight of `integers` in turn becomes the integer of least
/// error given the others, for at most six rounds. No step makes the error
/// larger.
void descend(const FilterProblem &problem, const VectorD &scale,
             MatrixD &integers);

/// scale^2 q moments q^T - 2 scale q target^T of row `row`.
double getRowError(const FilterProblem &problem, double scale,
                   const MatrixD &integers, int64_t row);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_ROUNDFILTER_H
