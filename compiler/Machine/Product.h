// Instructions that add products to sums, as a schedule sees them.
#ifndef MOBILEONE_COMPILER_MACHINE_PRODUCT_H
#define MOBILEONE_COMPILER_MACHINE_PRODUCT_H

#include <cstdint>

namespace mobileone {

/// What an operand is made of.
enum class Element { F32 };

constexpr unsigned getBits(Element element) {
  switch (element) {
  case Element::F32:
    return 32;
  }
  return 0; // no other element exists
}

/// An instruction, or two, that multiplies `m` rows of `k` elements by `k` rows
/// of `n` and adds the products to `m` x `n` sums. A vector multiply-add is
/// 1 x lanes x 1.
struct Product {
  Element lhs, rhs, sum;
  unsigned m, n, k;
  unsigned perCycle;  // that start in one cycle
  unsigned latency;   // cycles until the sums can be added to again
  bool takesElements; // the left operand may be one element of a register
  bool foldsLoads;    // one operand may come from memory

  constexpr int64_t countMultiplyAdds() const { return int64_t(m) * n * k; }
};

/// The multiply-add of vectors of `vectorBits`.
constexpr Product makeMultiplyAdd(Element element, unsigned vectorBits,
                                  unsigned perCycle, unsigned latency,
                                  bool takesElements, bool foldsLoads) {
  return {element,
          element,
          element,
          1,
          vectorBits / getBits(element),
          1,
          perCycle,
          latency,
          takesElements,
          foldsLoads};
}

} // namespace mobileone

#endif // MOBILEONE_COMPILER_MACHINE_PRODUCT_H
