// Tile sizes and loop orders.
#ifndef MOBILEONE_DIALECT_IR_SCHEDULE_H
#define MOBILEONE_DIALECT_IR_SCHEDULE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace mobileone {

/// A loop of a kernel, by what it is to the kernel's vectors.
struct Loop {
  enum Role {
    Pixels, // over an image: rows, then columns
    Panels, // over the vectors of a pixel
    Lanes,  // over the elements of a vector, side by side in memory
    Depth   // over what is summed
  };
  Role role;
  unsigned index = 0; // of several with one role, the outermost first

  bool operator==(const Loop &other) const {
    return role == other.role && index == other.index;
  }
  bool operator!=(const Loop &other) const { return !(*this == other); }
};

/// A number for each loop: its extent, the size of a tile, a stride.
struct PerLoop {
  llvm::SmallVector<int64_t, 2> pixels;
  std::optional<int64_t> panels; // none where a result has one dimension
  int64_t lanes = 0;
  llvm::SmallVector<int64_t, 3> depth;

  int64_t &operator[](Loop loop);
  int64_t operator[](Loop loop) const {
    return const_cast<PerLoop &>(*this)[loop];
  }
  bool operator==(const PerLoop &other) const;

  /// The loops whose steps are vectors, the outermost first: pixels and panels.
  llvm::SmallVector<Loop> getVectorLoops() const;
  /// The loops over a result: these, then the lanes.
  llvm::SmallVector<Loop> getResultLoops() const;
  /// Of a tile: its vectors.
  int64_t countVectors() const;
  /// Of a tile: its steps along the depth.
  int64_t countSteps() const;
};

/// Strassen's algorithm in Winograd's form: a product of pixels by a matrix is
/// made of seven products of halves instead of eight: of half the columns of an
/// image, half the depth and half the panels each.
struct Strassen {
  /// When sums of halves of the matrix are made: for each band, or before the
  /// network runs, which needs memory for them.
  enum Sums { Run, Compile };

  /// Rows of an image whose sums are made before they are multiplied: a band.
  int64_t rows = 0;
  /// Two: each of the seven products is one of halves of the rows of a band,
  /// made of seven products in turn.
  int64_t levels = 1;
  Sums sums = Run;

  bool operator==(const Strassen &other) const {
    return rows == other.rows && levels == other.levels && sums == other.sums;
  }
};

/// How the loops of one chain of linalg ops run.
struct Schedule {
  /// The register tile. Of the depth: steps that one iteration unrolls; where
  /// they are fewer than the extent there is a loop.
  PerLoop tile;
  /// The loops over the result from the outermost to the innermost.
  llvm::SmallVector<Loop> order;
  /// Keep what an inner loop does not change in registers across it.
  bool hoistInvariants = false;
  /// Of a matrix: fetch the next panels' weights while these are multiplied.
  bool prefetch = false;
  /// Of a matrix: read what a pixel has for all unrolled steps as one vector,
  /// whose elements are multiplied by those of the weights.
  bool byElement = false;
  /// The loop whose tiles several workers share; none where one worker does it
  /// all. Where the loop over panels is outside of that over rows, a row tile
  /// is shared panel by panel, too.
  std::optional<Loop> split;
  /// Of a matrix: tile and order are those of each of the seven products. None:
  /// all products are made.
  std::optional<Strassen> strassen;

  bool operator==(const Schedule &other) const;

  /// Tiles along `loop` of a kernel with these extents.
  int64_t countTiles(const PerLoop &extents, Loop loop) const;
  /// Units of work in a tile along the loop to split: one, or one for each tile
  /// along the panels.
  int64_t countUnitsPerTile(const PerLoop &extents) const;
};

llvm::hash_code hash_value(const Schedule &schedule);

} // namespace mobileone

#endif // MOBILEONE_DIALECT_IR_SCHEDULE_H
