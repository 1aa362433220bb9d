// When sums of weights are made for Strassen's algorithm.
#include "compiler/Schedule/ChooseSums.h"

#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/Strassen.h"
#include "dialect/IR/Limits.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mobileone;

/// Sums may make the weights larger by one part of so many.
static constexpr int64_t kPartsToGrowBy = 10;

using Constants = llvm::SmallSetVector<Attribute, 8>;

static int64_t countElements(const Constants &constants) {
  int64_t elements = 0;
  for (Attribute constant : constants)
    elements += cast<ElementsAttr>(constant).getNumElements();
  return elements;
}

bool mobileone::canSumWeights(linalg::LinalgOp op, int64_t levels) {
  Constants matrices = findMatrices(op);
  return !matrices.empty() &&
         countSumElements(cast<ElementsAttr>(matrices[0]).getNumElements(),
                          levels) <= kMaxWeightElements;
}

void mobileone::chooseSums(ModuleOp module, ArrayRef<linalg::LinalgOp> ops,
                           Algorithm algorithm) {
  struct Candidate {
    linalg::LinalgOp op;
    Schedule schedule;
    int64_t bands, growth; // how often sums are made; elements
  };
  SmallVector<Candidate> candidates;
  for (linalg::LinalgOp op : ops) {
    Schedule schedule =
        op->getAttrOfType<ScheduleAttr>(kScheduleAttr).getValue();
    if (!schedule.strassen || schedule.strassen->sums == Strassen::Compile ||
        !canSumWeights(op, 1))
      continue;
    int64_t elements = countElements(findMatrices(op));
    candidates.push_back(
        {op, schedule,
         getExtents(findContraction(op)).pixels[0] / schedule.strassen->rows,
         countSumElements(elements, 1) - elements});
  }
  llvm::stable_sort(candidates, [](const Candidate &a, const Candidate &b) {
    return a.bands > b.bands;
  });
  Constants all;
  module.walk([&](arith::ConstantOp constant) {
    if (isa<RankedTensorType>(constant.getType()))
      all.insert(constant.getValue());
  });
  int64_t rest = algorithm == Algorithm::Strassen2
                     ? std::numeric_limits<int64_t>::max()
                     : countElements(all) / kPartsToGrowBy;
  for (Candidate &candidate : candidates) {
    if (candidate.growth > rest)
      continue;
    rest -= candidate.growth;
    candidate.schedule.strassen->sums = Strassen::Compile;
    candidate.op->setAttr(kScheduleAttr, ScheduleAttr::get(module.getContext(),
                                                           candidate.schedule));
  }
}
