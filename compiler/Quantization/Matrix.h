// Matrices of the quantizer, and how it rounds.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_MATRIX_H
#define MOBILEONE_COMPILER_QUANTIZATION_MATRIX_H

#include <Eigen/Dense>

namespace mobileone {

/// Row-major, as filters and planes of activations lie in memory.
using MatrixF =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixD =
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using VectorD = Eigen::VectorXd;

/// An argument that is such a matrix, or rows of one.
using ConstMatrixF = Eigen::Ref<const MatrixF>;

/// 3 * 2^22: a float32 of this size has no bit for a fraction.
inline constexpr float kRoundingShift = 12582912.0F;

/// The nearest whole number, of two the even one, for |x| <= 2^22; `x` may be
/// an array of Eigen's. Unlike std::nearbyint it is no call where the
/// processor's baseline has no instruction for it.
template <typename T>
auto roundToEven(const T &x) {
  return (x + kRoundingShift) - kRoundingShift;
}

/// The same for |x| <= 2^51.
inline double roundToEven(double x) {
  constexpr double shift = 6755399441055744.0; // 3 * 2^51
  return (x + shift) - shift;
}

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_MATRIX_H
