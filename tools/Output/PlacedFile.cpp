// Temporary files, the turns that runs take, and links.
#include "PlacedFile.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <set>

using namespace llvm;
using namespace mobileone;

PlacedFile::~PlacedFile() {
  if (temporary.empty())
    return;
  sys::fs::remove(temporary);
  sys::DontRemoveFileOnSignal(temporary);
}

/// Makes a file beside `place` that nobody else has.
static std::error_code makeTemporary(StringRef place, std::string &name,
                                     int &descriptor) {
  constexpr size_t longest = 200; // names have 255 bytes
  for (unsigned number = 0;; ++number) {
    SmallString<128> path(sys::path::parent_path(place));
    sys::path::append(path, "." +
                                sys::path::filename(place).take_front(longest) +
                                "." + Twine(sys::Process::getProcessId()) +
                                "-" + Twine(number) + ".tmp");
    // First, so that no signal comes in between.
    sys::RemoveFileOnSignal(path);
    std::error_code code = sys::fs::openFileForWrite(
        path, descriptor, sys::fs::CD_CreateNew, sys::fs::OF_None);
    if (!code)
      name = path.str().str();
    else
      sys::DontRemoveFileOnSignal(path);
    if (code != errc::file_exists)
      return code;
  }
}

std::error_code PlacedFile::write(StringRef content) {
  int descriptor;
  if (std::error_code code = makeTemporary(place, temporary, descriptor))
    return code;
  raw_fd_ostream file(descriptor, /*shouldClose=*/true);
  sys::fs::file_status old;
  if (!sys::fs::status(place, old)) {
    // Another user's file stays that user's where the system lets it.
    (void)sys::fs::changeFileOwnership(descriptor, old.getUser(),
                                       old.getGroup());
    if (std::error_code code =
            sys::fs::setPermissions(descriptor, old.permissions()))
      return code;
  }
  file << content;
  file.close();
  std::error_code code = file.error();
  file.clear_error();
  return code;
}

namespace {

/// Lets no signal end the process that asks it to end. All threads: a blocked
/// signal would go to another one.
class IgnoredSignals {
public:
  IgnoredSignals() {
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    for (size_t i = 0; i < signals.size(); ++i)
      sigaction(signals[i], &ignore, &before[i]);
  }
  ~IgnoredSignals() {
    for (size_t i = 0; i < signals.size(); ++i)
      sigaction(signals[i], &before[i], nullptr);
  }

private:
  static constexpr std::array signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  struct sigaction before[signals.size()];
};

/// One run's turn to move files into a folder: it holds a lock on a file there,
/// which is gone afterwards.
class Turn {
public:
  explicit Turn(StringRef folder) : path(folder) {
    sys::path::append(path, ".mobileone.lock");
    while (!take())
      ;
  }
  Turn(Turn &&) = delete;
  ~Turn() {
    if (descriptor < 0)
      return;
    if (isMine)
      sys::fs::remove(path);
    sys::Process::SafelyCloseFileDescriptor(descriptor);
  }

private:
  /// Returns false if the file was removed, by the run before, while this one
  /// waited: then others may hold a new one. A folder where nothing can be
  /// locked has no turns, and a run that was stopped in its turn loses it.
  bool take() {
    // In a folder of many users somebody may have put a link there.
    descriptor =
        open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0)
      return true;
    if (sys::fs::tryLockFile(descriptor, patience))
      return true;
    sys::fs::file_status mine, there;
    isMine = !sys::fs::status(descriptor, mine) &&
             !sys::fs::status(path, there) &&
             mine.getUniqueID() == there.getUniqueID();
    if (!isMine)
      sys::Process::SafelyCloseFileDescriptor(std::exchange(descriptor, -1));
    return isMine;
  }

  static constexpr std::chrono::seconds patience{10}; // turns take none
  SmallString<128> path;
  int descriptor = -1;
  bool isMine = false;
};

/// Files that stand in the place of others, which are kept as long as this may
/// have to be undone. Where a file system has no hard links the new ones stay.
class MovedFiles {
public:
  ~MovedFiles() {
    for (const Moved &file : files)
      sys::fs::remove(file.old);
  }

  std::error_code move(const std::string &from, const std::string &place) {
    Moved file{place, from + ".old", sys::fs::exists(place), false};
    file.isKept = file.wasThere && !sys::fs::create_hard_link(place, file.old);
    std::error_code code = sys::fs::rename(from, place);
    if (!code)
      files.push_back(std::move(file));
    else if (file.isKept)
      sys::fs::remove(file.old);
    return code;
  }

  void undo() {
    for (const Moved &file : files)
      if (file.isKept)
        sys::fs::rename(file.old, file.place);
      else if (!file.wasThere)
        sys::fs::remove(file.place);
  }

private:
  struct Moved {
    std::string place, old;
    bool wasThere, isKept;
  };
  std::vector<Moved> files;
};

} // namespace

std::error_code mobileone::moveAll(std::vector<PlacedFile> &files,
                                   std::string &failed) {
  IgnoredSignals ignored;
  // In the order of their names, so that no two runs wait for each other.
  std::set<StringRef> folders;
  for (const PlacedFile &file : files)
    folders.insert(sys::path::parent_path(file.place));
  std::vector<std::unique_ptr<Turn>> turns;
  for (StringRef folder : folders)
    turns.push_back(std::make_unique<Turn>(folder));
  MovedFiles moved;
  for (PlacedFile &file : files) {
    if (std::error_code code = moved.move(file.temporary, file.place)) {
      moved.undo();
      failed = file.place;
      return code;
    }
    sys::DontRemoveFileOnSignal(file.temporary);
    file.temporary.clear();
  }
  return {};
}

std::error_code mobileone::findPlace(StringRef path, std::string &place) {
  constexpr int mostLinks = 40; // as Linux
  std::error_code code;
  std::filesystem::path link(path.str());
  for (int links = 0; links < mostLinks; ++links) {
    if (!std::filesystem::is_symlink(
            std::filesystem::symlink_status(link, code))) {
      SmallString<128> folder;
      std::string parent = link.parent_path().string();
      if (std::error_code failed =
              sys::fs::real_path(parent.empty() ? "." : parent, folder))
        return failed;
      sys::path::append(folder, link.filename().string());
      place = folder.str().str();
      return {};
    }
    std::filesystem::path target = std::filesystem::read_symlink(link, code);
    if (code)
      return code;
    link = link.parent_path() / target; // or just the target, if absolute
  }
  return std::make_error_code(std::errc::too_many_symbolic_link_levels);
}
