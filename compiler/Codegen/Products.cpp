// How the sums of a tile grow by products.
#include "compiler/Codegen/Products.h"

#include "compiler/Codegen/GroupProducts.h"
#include "compiler/Codegen/VectorBody.h"

using namespace mlir;
using namespace mobileone;

namespace {

/// Step by step, a vector of products for each sum: the op's body on vectors. A
/// scalar that all lanes share is broadcast.
class VectorProducts : public Products {
public:
  VectorProducts(linalg::LinalgOp op, int64_t lanes) : op(op), lanes(lanes) {}

  SmallVector<Value> addTo(SmallVector<Value> sums,
                           TileReader &reader) override;

private:
  virtual Value read(OpOperand &input, const PerLoop &offset,
                     TileReader &reader) {
    return reader.read(input.get(), op.getMatchingIndexingMap(&input), offset);
  }

protected:
  linalg::LinalgOp op;
  int64_t lanes;
};

/// The same with a scalar that is an element of a register.
class ElementProducts : public VectorProducts {
  using VectorProducts::VectorProducts;

  Value read(OpOperand &input, const PerLoop &offset,
             TileReader &reader) override {
    return reader.readElement(input.get(), op.getMatchingIndexingMap(&input),
                              offset);
  }
};

/// Of groups of bytes: each product takes the steps of one.
class GroupProducts : public Products {
public:
  GroupProducts(linalg::LinalgOp op, const IsaLevel &level)
      : op(op), level(level) {}

  SmallVector<Value> addTo(SmallVector<Value> sums,
                           TileReader &reader) override;

private:
  linalg::LinalgOp op;
  const IsaLevel &level;
};

} // namespace

SmallVector<Value> GroupProducts::addTo(SmallVector<Value> sums,
                                        TileReader &reader) {
  for (const PerLoop &step : reader.getSteps()) {
    if (step.depth.back() != 0) // inside of a group
      continue;
    reader.forget();
    for (auto [i, point] : llvm::enumerate(reader.getPoints())) {
      PerLoop offset = point;
      offset.depth = step.depth;
      auto read = [&](unsigned input) {
        OpOperand *operand = op.getDpsInputOperand(input);
        return reader.readGroups(operand->get(),
                                 op.getMatchingIndexingMap(operand), offset);
      };
      sums[i] = addGroupProducts(reader.getBuilder(), level, sums[i], read(0),
                                 read(1));
    }
  }
  return sums;
}

SmallVector<Value> VectorProducts::addTo(SmallVector<Value> sums,
                                         TileReader &reader) {
  // Steps outside, points inside: independent sums stand side by side.
  struct Product {
    SmallVector<int64_t> source; // which vector a window reads
    size_t number, point;
    PerLoop offset;
  };
  SmallVector<Product> products;
  SmallVector<PerLoop> points = reader.getPoints();
  for (const PerLoop &step : reader.getSteps())
    for (auto [i, point] : llvm::enumerate(points)) {
      products.push_back({{}, products.size(), i, point});
      products.back().offset.depth = step.depth;
    }
  // Of a window that slides over vectors, each vector is read once, used by
  // all sums that want it, and forgotten.
  bool isWindow = getLoopNest(op).isWindow();
  if (isWindow) {
    LoopDims dims(op);
    AffineMap map = op.getMatchingIndexingMap(op.getDpsInputOperand(0));
    for (Product &product : products)
      product.source = map.compose(dims.toDims(product.offset));
    llvm::sort(products, [](const Product &a, const Product &b) {
      return std::tie(a.source, a.number) < std::tie(b.source, b.number);
    });
  }
  for (const Product &product : products) {
    if (!isWindow && product.point == 0)
      reader.forget();
    SmallVector<Value> operands;
    for (OpOperand *input : op.getDpsInputOperands())
      operands.push_back(op.payloadUsesValueFromOperand(input)
                             ? read(*input, product.offset, reader)
                             : Value());
    Value &sum = sums[product.point];
    operands.push_back(sum);
    sum = cloneBody(reader.getBuilder(), op, lanes, operands);
  }
  return sums;
}

std::unique_ptr<Products> mobileone::makeProducts(linalg::LinalgOp op,
                                                  const Schedule &schedule,
                                                  const IsaLevel &level) {
  if (findGroup(op))
    return std::make_unique<GroupProducts>(op, level);
  int64_t lanes = schedule.tile.lanes;
  if (schedule.byElement)
    return std::make_unique<ElementProducts>(op, lanes);
  return std::make_unique<VectorProducts>(op, lanes);
}
