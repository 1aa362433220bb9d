// Instructions that add products to sums, as a schedule sees them.
#ifndef MOBILEONE_COMPILER_MACHINE_PRODUCT_H
#define MOBILEONE_COMPILER_MACHINE_PRODUCT_H

#include <cstdint>

namespace mobileone {

/// What an operand is made of.
enum class Element { F32, U8, S8, I32 };

constexpr unsigned getBits(Element element) {
  switch (element) {
  case Element::F32:
  case Element::I32:
    return 32;
  case Element::U8:
  case Element::S8:
    return 8;
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

/// How a machine multiplies vectors of unsigned by signed bytes and adds to
/// sums of i32 without losing anything: one of each four bytes at a time, pairs
/// as numbers of 16 bits, or all four by one instruction.
enum class ByteProducts { Bytes, Pairs, Dots };

/// The products of groups of four bytes, as far as costs go: what each of these
/// steps adds, with the instructions around it.
constexpr Product makeByteProduct(ByteProducts kind, unsigned vectorBits,
                                  unsigned perCycle) {
  unsigned lanes = vectorBits / getBits(Element::I32);
  bool isDot = kind == ByteProducts::Dots;
  return {Element::U8,
          Element::S8,
          Element::I32,
          1,
          lanes,
          isDot                         ? 4u
          : kind == ByteProducts::Pairs ? 2u
                                        : 1u,
          isDot ? perCycle : 1,
          isDot ? 5u : 1u,
          false,
          isDot};
}

} // namespace mobileone

#endif // MOBILEONE_COMPILER_MACHINE_PRODUCT_H
