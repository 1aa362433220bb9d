// A file that is written beside its place and then moved there.
#ifndef MOBILEONE_TOOLS_OUTPUT_PLACEDFILE_H
#define MOBILEONE_TOOLS_OUTPUT_PLACEDFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <system_error>
#include <vector>

namespace mobileone {

/// A file beside its place, until it is moved there. It is removed if it is
/// not, also by a signal that ends the process.
class PlacedFile {
public:
  explicit PlacedFile(llvm::StringRef place) : place(place) {}
  PlacedFile(PlacedFile &&other) noexcept
      : place(std::move(other.place)),
        temporary(std::exchange(other.temporary, {})) {}
  ~PlacedFile();

  /// Writes all of it, with the permissions of the file that it replaces or
  /// those of a new one.
  std::error_code write(llvm::StringRef content);

  const std::string &getPlace() const { return place; }

private:
  friend std::error_code moveAll(std::vector<PlacedFile> &files,
                                 std::string &failed);

  std::string place;
  std::string temporary; // empty: none
};

/// Moves all files to their places. Signals that would end the process in
/// between are not taken, and other runs that move files into the same folders
/// wait. An error is that of the place `failed`.
std::error_code moveAll(std::vector<PlacedFile> &files, std::string &failed);

/// The file that a program creates which opens `path` to write: links are
/// followed, also to what is not there yet.
std::error_code findPlace(llvm::StringRef path, std::string &place);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_OUTPUT_PLACEDFILE_H
