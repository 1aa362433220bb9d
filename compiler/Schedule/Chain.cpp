// Chains of linalg ops that are computed in registers, one after the other.
#include "compiler/Schedule/Chain.h"

#include "compiler/Schedule/LoopDims.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "dialect/IR/Weights.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace mobileone;

/// The first input of `op`, if that has no reduction, only writes its output
/// and makes numbers of another type of it; else null.
static OpOperand *findConverted(linalg::LinalgOp op) {
  OpOperand *init = op.getDpsInitOperand(0);
  if (op.getNumReductionLoops() || !op.getNumDpsInputs() ||
      op.payloadUsesValueFromOperand(init))
    return nullptr;
  OpOperand *input = op.getDpsInputOperand(0);
  return getElementTypeOrSelf(input->get()) != getElementTypeOrSelf(init->get())
             ? input
             : nullptr;
}

bool mobileone::isComputedInPlace(OpOperand &operand) {
  auto user = dyn_cast<linalg::LinalgOp>(operand.getOwner());
  auto producer = operand.get().getDefiningOp<linalg::LinalgOp>();
  if (!user || !producer || !operand.get().hasOneUse())
    return false;
  auto isLeading = [](linalg::LinalgOp op, OpOperand &o, unsigned count) {
    AffineMap map = op.getMatchingIndexingMap(&o);
    return map.getNumResults() == count &&
           map == AffineMap::getMultiDimIdentityMap(map.getNumDims(),
                                                    map.getContext())
                      .getMajorSubMap(count);
  };
  if (findContraction(producer).getNumReductionLoops() &&
      (user.getNumReductionLoops() ||
       (!user.isDpsInit(&operand) && findConverted(user) != &operand)))
    return false;
  unsigned parallel = producer.getNumParallelLoops();
  return user.getNumParallelLoops() == parallel &&
         isLeading(user, operand, parallel) &&
         isLeading(producer, *producer.getDpsInitOperand(0), parallel);
}

bool mobileone::isChainEnd(linalg::LinalgOp op) {
  return llvm::none_of(op->getUses(), isComputedInPlace);
}

Value mobileone::getDestination(linalg::LinalgOp root) {
  Value destination = root.getDpsInitOperand(0)->get();
  while (auto producer = destination.getDefiningOp<linalg::LinalgOp>()) {
    if (!isComputedInPlace(*producer->getUses().begin()))
      break;
    destination = producer.getDpsInitOperand(0)->get();
  }
  return destination;
}

linalg::LinalgOp mobileone::findContraction(linalg::LinalgOp op) {
  for (linalg::LinalgOp current = op; current;) {
    if (current.getNumReductionLoops())
      return current;
    OpOperand *sums = current.getDpsInitOperand(0);
    if (OpOperand *converted = findConverted(current))
      sums = converted;
    if (!isComputedInPlace(*sums))
      break;
    current = sums->get().getDefiningOp<linalg::LinalgOp>();
  }
  return op;
}

/// Whether the body adds a product of its inputs to the output.
static bool isMultiplyAdd(linalg::LinalgOp op) {
  return linalg::detail::isContractionBody(
      *op.getBlock(), [](Operation *product, Operation *sum) {
        return isa<arith::MulFOp>(product) && isa<arith::AddFOp>(sum);
      });
}

/// Whether the body gives its first input.
static bool isCopy(linalg::LinalgOp op) {
  Operation *yield = op.getBlock()->getTerminator();
  return yield->getOperand(0) == op.getBlock()->getArgument(0);
}

std::optional<MatrixChain> mobileone::matchMatrixChain(linalg::LinalgOp root) {
  MatrixChain chain;
  chain.product = findContraction(root);
  if (chain.product.getNumParallelLoops() != 4 ||
      !getLoopNest(chain.product).isMatrixProduct() ||
      !isMultiplyAdd(chain.product))
    return std::nullopt;
  for (linalg::LinalgOp op = root; op != chain.product;
       op = op.getDpsInitOperand(0)->get().getDefiningOp<linalg::LinalgOp>()) {
    if (op.getNumDpsInputs())
      return std::nullopt;
    chain.after.insert(chain.after.begin(), op);
  }
  MLIRContext *context = root.getContext();
  auto isMap = [&](OpOperand *operand, ArrayRef<unsigned> dims) {
    auto op = cast<linalg::LinalgOp>(operand->getOwner());
    return op.getMatchingIndexingMap(operand) ==
           AffineMap::getMultiDimMapWithTargets(op.getNumLoops(), dims,
                                                context);
  };
  OpOperand *init = chain.product.getDpsInitOperand(0);
  if (chain.product.getNumDpsInputs() != 2 ||
      !isMap(chain.product.getDpsInputOperand(0), {0, 1, 4}) ||
      !isComputedInPlace(*init))
    return std::nullopt;
  chain.bias = init->get().getDefiningOp<linalg::LinalgOp>();
  auto isF32 = [](Value value) { return getElementTypeOrSelf(value).isF32(); };
  if (!llvm::all_of(chain.product->getOperands(), isF32) ||
      !llvm::all_of(chain.bias->getOperands(), isF32) ||
      chain.bias.getNumDpsInputs() != 1 ||
      !isMap(chain.bias.getDpsInputOperand(0), {2, 3}) || !isCopy(chain.bias))
    return std::nullopt;
  return chain;
}

std::optional<WholeResult> mobileone::findWholeResult(linalg::LinalgOp root) {
  Value destination = getDestination(root), result = root->getResult(0);
  auto box = destination.getDefiningOp<tensor::ExtractSliceOp>();
  if (!box)
    return WholeResult{destination, result};
  if (!result.hasOneUse())
    return std::nullopt;
  auto whole = dyn_cast<tensor::InsertSliceOp>(*result.getUsers().begin());
  ArrayRef<int64_t> offsets = box.getStaticOffsets();
  // Pixels, and from the first on panels and lanes.
  if (!whole || whole.getDest() != box.getSource() ||
      whole.getMixedOffsets() != box.getMixedOffsets() ||
      whole.getMixedSizes() != box.getMixedSizes() ||
      whole.getMixedStrides() != box.getMixedStrides() ||
      ShapedType::isDynamicShape(offsets) || offsets.size() != 4 ||
      box.getType().getRank() != 4 || offsets[2] != 0 || offsets[3] != 0 ||
      !llvm::all_of(box.getStaticStrides(),
                    [](int64_t stride) { return stride == 1; }))
    return std::nullopt;
  return WholeResult{box.getSource(), whole.getResult(), offsets[0],
                     offsets[1]};
}

llvm::SmallSetVector<Attribute, 8>
mobileone::findMatrices(linalg::LinalgOp root) {
  auto kernel = root->getParentOfType<func::FuncOp>();
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(kernel, kernel->getParentOp());
  auto filter =
      dyn_cast<BlockArgument>(findContraction(root).getDpsInputs()[1]);
  llvm::SmallSetVector<Attribute, 8> matrices;
  if (!uses || !filter || filter.getOwner() != &kernel.front() ||
      !filter.hasOneUse())
    return {};
  for (const SymbolTable::SymbolUse &use : *uses) {
    auto call = dyn_cast<func::CallOp>(use.getUser());
    auto matrix = call ? call.getOperand(filter.getArgNumber())
                             .getDefiningOp<arith::ConstantOp>()
                       : arith::ConstantOp();
    if (!matrix || !areWeights(matrix.getValue(), 3))
      return {};
    matrices.insert(matrix.getValue());
  }
  return matrices;
}

SmallVector<linalg::LinalgOp> mobileone::getScheduledOps(func::FuncOp kernel) {
  SmallVector<linalg::LinalgOp> all, contractions;
  kernel.walk([&](linalg::LinalgOp op) {
    if (!isChainEnd(op))
      return;
    all.push_back(op);
    if (findContraction(op).getNumReductionLoops())
      contractions.push_back(op);
  });
  return contractions.empty() ? all : contractions;
}

ArrayAttr mobileone::getSchedules(func::FuncOp kernel) {
  return ArrayAttr::get(
      kernel.getContext(),
      llvm::map_to_vector(getScheduledOps(kernel), [](linalg::LinalgOp op) {
        return op->getAttr(kScheduleAttr);
      }));
}

/// Whether two boxes of one tensor have no element in common.
static bool areDisjoint(tensor::ExtractSliceOp a, tensor::ExtractSliceOp b) {
  auto isStatic = [](tensor::ExtractSliceOp box) {
    return box && !ShapedType::isDynamicShape(box.getStaticOffsets()) &&
           !ShapedType::isDynamicShape(box.getStaticSizes()) &&
           llvm::all_of(box.getStaticStrides(),
                        [](int64_t stride) { return stride == 1; });
  };
  if (!isStatic(a) || !isStatic(b) || a.getSourceType() != b.getSourceType())
    return false;
  for (unsigned d = 0; d != a.getStaticSizes().size(); ++d)
    if (a.getStaticOffset(d) + a.getStaticSize(d) <= b.getStaticOffset(d) ||
        b.getStaticOffset(d) + b.getStaticSize(d) <= a.getStaticOffset(d))
      return true;
  return false;
}

linalg::LinalgOp mobileone::findSplitOp(func::FuncOp kernel) {
  linalg::LinalgOp main;
  SmallVector<linalg::FillOp> fills;
  bool isAlone = true;
  kernel.walk([&](linalg::LinalgOp op) {
    if (!isChainEnd(op))
      return;
    if (auto fill = dyn_cast<linalg::FillOp>(*op)) {
      fills.push_back(fill);
      return;
    }
    isAlone &= !main && op->getParentOp() == kernel;
    main = op;
  });
  // One loop is over the lanes of a vector, which is not shared.
  if (!main || !isAlone || main.getNumParallelLoops() < 2)
    return nullptr;
  auto box = getDestination(main).getDefiningOp<tensor::ExtractSliceOp>();
  bool areApart = llvm::all_of(fills, [&](linalg::FillOp fill) {
    auto own = fill.getOutputs()[0].getDefiningOp<tensor::ExtractSliceOp>();
    return fill->hasOneUse() && own && own->hasOneUse() &&
           own->getBlock() == fill->getBlock() &&
           isa<tensor::InsertSliceOp>(*fill->getUsers().begin()) &&
           areDisjoint(own, box);
  });
  return areApart ? main : nullptr;
}
