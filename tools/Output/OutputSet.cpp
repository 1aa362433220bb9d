// Checks of what is there before and after the work, and the way to the disk.
#include "OutputSet.h"
#include "PlacedFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;
using namespace mobileone;

static Error fail(StringRef path, const Twine &message) {
  return createStringError(path + ": " + message);
}

static Error cannotWrite(StringRef path, std::error_code code) {
  return fail(path, "cannot be written: " + code.message());
}

/// What stands at `path`, where "-" is the descriptor of a standard stream.
static std::error_code getStatus(StringRef path, int standard,
                                 sys::fs::file_status &status) {
  return path == "-" ? sys::fs::status(standard, status)
                     : sys::fs::status(path, status);
}

/// The standard stream that goes to `path`, as to /dev/stdout, or null. What it
/// wrote before stays, so no other stream may open a file behind it.
static raw_fd_ostream *findStandardStream(StringRef path) {
  if (path == "-")
    return &outs();
  sys::fs::file_status there;
  if (sys::fs::status(path, there) ||
      there.type() == sys::fs::file_type::character_file)
    return nullptr;
  auto goesThere = [&](int descriptor) {
    sys::fs::file_status standard;
    return !sys::fs::status(descriptor, standard) &&
           there.getUniqueID() == standard.getUniqueID();
  };
  return goesThere(STDOUT_FILENO)   ? &outs()
         : goesThere(STDERR_FILENO) ? &errs()
                                    : nullptr;
}

bool OutputSet::isStream(StringRef path) {
  sys::fs::file_status status;
  return findStandardStream(path) ||
         (!sys::fs::status(path, status) &&
          (status.type() == sys::fs::file_type::character_file ||
           status.type() == sys::fs::file_type::fifo_file));
}

bool OutputSet::isTerminal(StringRef path) {
  if (raw_fd_ostream *stream = findStandardStream(path))
    return stream->is_displayed();
  sys::fs::file_status status;
  int descriptor;
  if (sys::fs::status(path, status) ||
      status.type() != sys::fs::file_type::character_file ||
      sys::fs::openFileForRead(path, descriptor))
    return false;
  bool isDisplayed = sys::Process::FileDescriptorIsDisplayed(descriptor);
  sys::Process::SafelyCloseFileDescriptor(descriptor);
  return isDisplayed;
}

void OutputSet::addInput(StringRef path) {
  sys::fs::file_status status;
  // What is not there is nobody's output; whoever reads it says so.
  if (!getStatus(path, STDIN_FILENO, status) &&
      status.type() == sys::fs::file_type::regular_file)
    inputs.push_back({path.str(), status.getUniqueID().getDevice(),
                      status.getUniqueID().getFile()});
}

Error OutputSet::addFolder(StringRef path) {
  // The first folder on the way that is there takes the others.
  SmallString<128> there(path);
  if (std::error_code code = sys::fs::make_absolute(there))
    return cannotWrite(path, code);
  while (!sys::fs::exists(there))
    sys::path::remove_filename(there);
  if (!sys::fs::is_directory(there))
    return cannotWrite(path, make_error_code(errc::not_a_directory));
  if (std::error_code code = sys::fs::access(there, sys::fs::AccessMode::Write))
    return cannotWrite(path, code);
  // As the parent of its files is spelled.
  SmallString<128> file(path);
  sys::path::append(file, "file");
  folders.push_back(sys::path::parent_path(file).str());
  return Error::success();
}

bool OutputSet::isInFolder(StringRef path) const {
  return is_contained(folders, sys::path::parent_path(path));
}

/// Whether one may write where `place`, a file or none, stands.
static std::error_code checkAccess(StringRef place, bool isThere) {
  if (isThere)
    if (std::error_code code =
            sys::fs::access(place, sys::fs::AccessMode::Write))
      return code;
  return sys::fs::access(sys::path::parent_path(place),
                         sys::fs::AccessMode::Write);
}

/// Whether another file is mounted on this one, which nothing can replace then.
static bool isMounted([[maybe_unused]] const std::string &file) {
#ifdef STATX_ATTR_MOUNT_ROOT
  struct statx status;
  return statx(AT_FDCWD, file.c_str(), 0, 0, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
#else
  return false;
#endif
}

Error OutputSet::check(Output &output) const {
  StringRef path = output.path;
  output.place.clear();
  if (path.empty())
    return createStringError("expects the name of a file to write, but got ''");
  sys::fs::file_status status;
  std::error_code code = getStatus(path, STDOUT_FILENO, status);
  if (code && code != errc::no_such_file_or_directory)
    return cannotWrite(path, code);
  sys::fs::file_type type = status.type();
  bool isThere = !code, isFile = type == sys::fs::file_type::regular_file;
  if (isThere && isFile)
    for (const Input &input : inputs)
      if (sys::fs::UniqueID(input.device, input.file) == status.getUniqueID())
        return fail(path,
                    "expects a file that is not read, but got the input " +
                        input.path);
  raw_fd_ostream *stream = findStandardStream(path);
  if (stream && output.rule.onlyFile)
    return fail(path, "expects a file to write, but got a standard stream");
  if (stream)
    for (const Output &other : outputs)
      if (&other != &output && findStandardStream(other.path) == stream)
        return fail(path, "expects a file of its own, but got the stream of " +
                              other.path);
  if (type == sys::fs::file_type::directory_file)
    return fail(path, "expects a file to write, but got a folder");
  if (isThere && !isFile && (output.rule.onlyFile || !isStream(path)))
    return fail(path, "expects a file to write, but got a device or a pipe");
  if (!output.rule.onlyFile && isStream(path))
    return Error::success();

  if (!isThere && isInFolder(path) &&
      !sys::fs::exists(sys::path::parent_path(path))) {
    output.place = path.str(); // once the folder is there
  } else {
    if ((code = findPlace(path, output.place)) ||
        (code = checkAccess(output.place, isThere)))
      return cannotWrite(path, code);
    if (isThere && isMounted(output.place))
      return fail(path, "expects a file that can be replaced, but got one that "
                        "another is mounted on");
  }
  for (const Output &other : outputs)
    if (&other != &output && other.place == output.place)
      return fail(path,
                  "expects a file of its own, but got that of " + other.path);
  if (!isThere || output.rule.mark.empty() || !marksMatter)
    return Error::success();
  auto old = MemoryBuffer::getFile(output.place, /*IsText=*/true);
  if (!old)
    return cannotWrite(path, old.getError());
  StringRef text = (*old)->getBuffer();
  if (!text.empty() && !text.contains(output.rule.mark))
    return fail(path, "expects a file that mobileone-opt wrote, or none: "
                      "--overwrite replaces others, too");
  return Error::success();
}

Error OutputSet::reserve(StringRef path, OutputRule rule) {
  outputs.push_back({path.str(), rule, "", std::nullopt});
  return check(outputs.back());
}

Error OutputSet::write(StringRef path, std::string content, OutputRule rule) {
  auto output = find_if(
      outputs, [&](const Output &output) { return output.path == path; });
  if (output == outputs.end()) {
    if (Error error = reserve(path, rule))
      return error;
    output = std::prev(outputs.end());
  }
  output->content = std::move(content);
  return Error::success();
}

/// Writes to a device or a pipe.
static std::error_code writeStream(StringRef path, StringRef content) {
  std::optional<raw_fd_ostream> opened;
  std::error_code code;
  raw_fd_ostream *stream = findStandardStream(path);
  if (!stream) {
    stream = &opened.emplace(path, code, sys::fs::CD_OpenExisting,
                             sys::fs::FA_Write, sys::fs::OF_None);
    if (code)
      return code;
  }
  *stream << content;
  stream->flush();
  code = stream->error();
  stream->clear_error();
  return code;
}

Error OutputSet::commit() {
  std::vector<std::string> made; // inner ones first
  for (StringRef folder : folders) {
    for (StringRef missing = folder;
         !missing.empty() && !sys::fs::exists(missing);
         missing = sys::path::parent_path(missing))
      made.push_back(missing.str());
    if (std::error_code code = sys::fs::create_directories(folder))
      return cannotWrite(folder, code);
  }
  Error error = writeAll();
  if (error)
    for (const std::string &folder : made)
      sys::fs::remove(folder); // which is empty
  return error;
}

Error OutputSet::writeAll() {
  std::vector<PlacedFile> files;
  for (Output &output : outputs) {
    if (!output.content)
      continue;
    // What is there may have changed since.
    if (Error error = check(output))
      return error;
    if (output.place.empty())
      continue;
    files.emplace_back(output.place);
    if (std::error_code code = files.back().write(*output.content))
      return cannotWrite(output.path, code);
  }
  for (const Output &output : outputs)
    if (output.content && output.place.empty())
      if (std::error_code code = writeStream(output.path, *output.content))
        return cannotWrite(output.path == "-" ? "standard output"
                                              : StringRef(output.path),
                           code);
  std::string failed;
  if (std::error_code code = moveAll(files, failed))
    return cannotWrite(failed, code);
  return Error::success();
}
