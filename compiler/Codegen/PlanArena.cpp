// Gives every buffer of the network a place in one arena.
#include "compiler/Codegen/BufferAlignment.h"
#include "compiler/Codegen/Passes.h"
#include "compiler/Contract/NetworkFunction.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MathExtras.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEPLANARENAPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

/// A buffer, alive from op `first` to op `last` of the network.
struct Buffer {
  memref::AllocOp alloc;
  MemRefType type;
  int64_t size, first, last;
  int64_t offset = 0;

  bool isAliveWith(const Buffer &other) const {
    return first <= other.last && other.first <= last;
  }
};

struct PlanArenaPass
    : mobileone::impl::MobileOnePlanArenaPassBase<PlanArenaPass> {
  using MobileOnePlanArenaPassBase::MobileOnePlanArenaPassBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && failed(plan(function)))
        return signalPassFailure();
  }

  LogicalResult plan(func::FuncOp network);
  void print(ArrayRef<Buffer> buffers, int64_t size);
};

} // namespace

/// More than a process can address: sums of a few do not overflow.
static constexpr int64_t kMaxBytes = int64_t(1) << 47;

/// The bytes of a buffer that the arena can hold, or an error.
static FailureOr<int64_t> getBytes(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      type.getMemorySpace())
    return alloc.emitOpError("expects a static, dense buffer, but got ")
           << type;
  if (alloc.getAlignment().value_or(1) > kBufferAlignment)
    return alloc.emitOpError("expects an alignment of at most ")
           << kBufferAlignment << ", but got " << *alloc.getAlignment();
  Type element = type.getElementType();
  if (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() % 8)
    return alloc.emitOpError("expects numbers of whole bytes, but got ")
           << type;
  int64_t bytes = element.getIntOrFloatBitWidth() / 8;
  for (int64_t size : type.getShape())
    if (llvm::MulOverflow(bytes, size, bytes) || bytes > kMaxBytes)
      return alloc.emitOpError("expects at most ")
             << kMaxBytes << " bytes, but got " << type;
  return static_cast<int64_t>(llvm::alignTo(bytes, kBufferAlignment));
}

/// Position of the last op that uses `value`, a view of it or its address.
static int64_t getLastUse(Value value,
                          const DenseMap<Operation *, int64_t> &positions) {
  int64_t last = 0;
  for (Operation *user : value.getUsers()) {
    last = std::max(last, positions.at(user));
    for (Value result : user->getResults())
      if (isa<MemRefType, IndexType>(result.getType()))
        last = std::max(last, getLastUse(result, positions));
  }
  return last;
}

/// Finds offsets, largest buffer first; returns the arena's size.
static int64_t place(MutableArrayRef<Buffer> buffers) {
  SmallVector<Buffer *> bySize;
  for (Buffer &buffer : buffers)
    bySize.push_back(&buffer);
  // Equal sizes in the order of the program: the same plan every time.
  llvm::sort(bySize, [](const Buffer *a, const Buffer *b) {
    return std::pair(-a->size, a) < std::pair(-b->size, b);
  });
  int64_t total = 0;
  SmallVector<Buffer *> placed; // by offset
  for (Buffer *buffer : bySize) {
    for (Buffer *other : placed)
      if (other->isAliveWith(*buffer) &&
          buffer->offset + buffer->size > other->offset)
        buffer->offset = std::max(buffer->offset, other->offset + other->size);
    total = std::max(total, buffer->offset + buffer->size);
    placed.insert(llvm::upper_bound(placed, buffer,
                                    [](const Buffer *a, const Buffer *b) {
                                      return a->offset < b->offset;
                                    }),
                  buffer);
  }
  return total;
}

/// The most bytes that are alive at once: no plan can do with less.
static int64_t getLowerBound(ArrayRef<Buffer> buffers) {
  int64_t bound = 0;
  // Every maximum is reached where some buffer's life begins.
  for (const Buffer &start : buffers) {
    int64_t alive = 0;
    for (const Buffer &buffer : buffers)
      if (buffer.first <= start.first && start.first <= buffer.last)
        alive += buffer.size;
    bound = std::max(bound, alive);
  }
  return bound;
}

void PlanArenaPass::print(ArrayRef<Buffer> buffers, int64_t size) {
  llvm::raw_ostream &os = llvm::errs();
  os << "    offset       size  life      buffer\n";
  for (const Buffer &buffer : buffers)
    os << llvm::format("%10lld %10lld  %4lld-%-4lld ", (long long)buffer.offset,
                       (long long)buffer.size, (long long)buffer.first,
                       (long long)buffer.last)
       << ' ' << buffer.type << '\n';
  os << "arena: " << size << " bytes, of which at most "
     << getLowerBound(buffers) << " are alive at once\n";
}

LogicalResult PlanArenaPass::plan(func::FuncOp network) {
  if (failed(verifyStraightLine(network)))
    return failure();
  DenseMap<Operation *, int64_t> positions;
  for (Operation &op : network.getBody().front()) {
    if (op.getNumRegions())
      return op.emitOpError("expects no control flow in the network");
    if (isa<memref::DeallocOp, memref::ReallocOp>(op))
      return op.emitOpError("expects buffers that stay, as parts of an arena");
    positions[&op] = static_cast<int64_t>(positions.size());
  }
  SmallVector<Buffer> buffers;
  for (auto alloc : network.getOps<memref::AllocOp>()) {
    FailureOr<int64_t> bytes = getBytes(alloc);
    if (failed(bytes))
      return failure();
    // A buffer lives from its first writer on, wherever it was declared.
    int64_t first = std::numeric_limits<int64_t>::max();
    for (Operation *user : alloc->getUsers())
      first = std::min(first, positions.at(user));
    buffers.push_back(
        {alloc, alloc.getType(), *bytes, first, getLastUse(alloc, positions)});
  }

  int64_t size = place(buffers);
  if (printPlan)
    print(buffers, size);

  OpBuilder builder(network.getContext());
  auto type = MemRefType::get(size, builder.getI8Type());
  if (failed(network.insertArgument(network.getNumArguments(), type, {},
                                    network.getLoc())))
    return failure();
  Value arena = network.getArguments().back();
  for (Buffer &buffer : buffers) {
    builder.setInsertionPoint(buffer.alloc);
    Location loc = buffer.alloc.getLoc();
    Value offset = arith::ConstantIndexOp::create(builder, loc, buffer.offset);
    Value view = memref::ViewOp::create(builder, loc, buffer.type, arena,
                                        offset, ValueRange{});
    buffer.alloc.replaceAllUsesWith(view);
    buffer.alloc.erase();
  }
  return success();
}
