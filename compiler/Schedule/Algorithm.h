// How pointwise layers are computed.
#ifndef MOBILEONE_COMPILER_SCHEDULE_ALGORITHM_H
#define MOBILEONE_COMPILER_SCHEDULE_ALGORITHM_H

namespace mobileone {

enum class Algorithm {
  Auto,      // Strassen's where the model of a core says that it is faster
  Classical, // all products
  Strassen   // Strassen's wherever an image and its channels have halves
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_ALGORITHM_H
