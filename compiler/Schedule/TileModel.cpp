// What a register tile costs: a small model of one core.
#include "compiler/Schedule/TileModel.h"

using namespace llvm;
using namespace mobileone;

/// Registers of a window's tile besides sums and weights: bias or zero, and the
/// input that the code generator reads ahead, of which multiply-adds may take
/// some from memory or not.
static constexpr int64_t kWindowOperands = 4, kWindowRegisters = 8;

/// Weights of a window's row in registers, where multiply-adds may take the
/// others from memory: more would leave too few sums to hide their latency.
static constexpr int64_t kRowWeights = 5;

static PerLoop withOneStep(PerLoop tile) {
  tile.depth.assign(tile.depth.size(), 1);
  return tile;
}

int64_t TileModel::countParts(const PerLoop &tile) const {
  return std::max<int64_t>(tile.lanes / level.getLanes(nest.bits), 1);
}

/// Whether the tile's sums and the weights of its steps are in registers
/// together.
bool TileModel::fitsWindow(const PerLoop &tile) const {
  return tile.countVectors() + nest.inputs[1].countReads(tile) +
             (product.foldsLoads ? kWindowOperands : kWindowRegisters) <=
         level.registers;
}

bool TileModel::holdsWindow(const PerLoop &tile) const {
  return nest.isWindow() && tile.depth == nest.extents.depth &&
         fitsWindow(tile);
}

bool TileModel::fits(const PerLoop &tile) const {
  int64_t sums = tile.countVectors();
  // One vector at a time always goes, if through memory.
  if (sums == 1)
    return true;
  if (nest.isWindow()) {
    // A row of the input needs as many rows of the window as the tile has.
    PerLoop rows = tile;
    if (!tile.pixels.empty())
      rows.depth.front() = std::min(rows.depth.front(), tile.pixels.front());
    if (product.foldsLoads)
      rows.depth.back() = std::min(rows.depth.back(), kRowWeights);
    return tile.panels == 1 && fitsWindow(rows);
  }
  // In one step every vector stays for the tile. Scalars come one by one, or
  // stay for some steps as elements of a register for each pixel.
  PerLoop step = withOneStep(tile);
  int64_t vectors = 0, scalars = 0;
  for (const Access &input : nest.inputs)
    if (input.hasLanes())
      vectors += input.countReads(step);
    else
      scalars = byElement ? input.countReads(step) : 1;
  return (sums + vectors) * countParts(tile) + scalars <= level.registers;
}

double TileModel::getTileCycles(const PerLoop &tile) const {
  int64_t sums = tile.countVectors(), loads = 0;
  int64_t iterations = nest.extents.countSteps() / tile.countSteps();
  int64_t steps = tile.countSteps() / nest.getGroup();
  int64_t parts = countParts(tile);
  // Only a window shares what it reads between steps.
  PerLoop step = withOneStep(tile);
  for (const Access &input : nest.inputs)
    if (nest.isWindow())
      loads += input.countReads(tile) * parts;
    else if (input.hasLanes())
      loads += input.countReads(step) * steps * parts;
    else // elements of one register for all steps, or scalars
      loads += input.countReads(step) * (byElement ? 1 : steps);
  if (holdsWindow(tile))
    loads -= nest.inputs[1].countReads(tile);
  int64_t multiplyAdds =
      sums * tile.countSteps() * parts * level.getLanes(nest.bits);
  double products = double(multiplyAdds) / product.countMultiplyAdds();
  double compute = products / product.perCycle;
  double memory = double(loads) / level.loads;
  double latency = double(product.latency * steps);
  // Each tile also starts, stores its results and ends.
  double overhead = 6 + double(2 * sums * parts) / level.loads;
  return iterations * std::max({compute, memory, latency}) + overhead;
}

double TileModel::getCycles(const PerLoop &tile) const {
  // Every combination of the at most two tile sizes of each loop.
  SmallVector<std::pair<double, PerLoop>> kinds{{1.0, tile}};
  for (Loop loop : tile.getVectorLoops()) {
    SmallVector<std::pair<double, PerLoop>> next;
    for (auto &[count, sizes] : kinds)
      for (Segment segment : splitEvenly(nest.extents[loop], tile[loop])) {
        next.push_back({count * segment.count, sizes});
        next.back().second[loop] = segment.tile;
      }
    kinds = std::move(next);
  }
  double cycles = 0;
  for (const auto &[count, sizes] : kinds)
    cycles += count * getTileCycles(sizes);
  return cycles;
}
