// Measures accuracy over a folder of images.
#include "Modes.h"

#include "tools/Output/Print.h"
#include "tools/Output/Progress.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <map>

using namespace llvm;

namespace mobileone::run {
namespace {

struct LabelledImage {
  std::string path;
  uint32_t label;
};

struct Score {
  uint32_t images = 0;
  uint32_t top1 = 0;
  uint32_t top5 = 0;
  double seconds = 0;

  double imagesPerSecond() const { return images / std::max(seconds, 1e-9); }
  double percent(uint32_t count) const { return 100.0 * count / images; }
};

/// What a folder holds beside the images that count.
struct PassedOver {
  uint32_t hidden = 0;
  uint32_t unnumbered = 0; // without a class index, among files that have one
  uint32_t beside = 0;     // files beside the class folders
  uint32_t nested = 0;     // files in folders inside class folders
  std::vector<std::string> emptyClasses;

  uint32_t files() const { return hidden + unnumbered + beside + nested; }
};

/// The names in a folder, sorted and without the hidden ones.
struct Listing {
  std::vector<std::string> folders;
  std::vector<std::string> files;
};

} // namespace

static Expected<Listing> listFolder(StringRef path, PassedOver &passed) {
  Listing listing;
  std::error_code error;
  for (sys::fs::directory_iterator entry(path, error), end;
       entry != end && !error; entry.increment(error)) {
    StringRef name = sys::path::filename(entry->path());
    if (name.starts_with(".")) {
      ++passed.hidden;
      continue;
    }
    // A look at the file itself: directory entries of links say "link".
    if (sys::fs::is_directory(entry->path()))
      listing.folders.push_back(name.str());
    else
      listing.files.push_back(name.str());
  }
  if (error)
    return createStringError(path + ": cannot be read: " + error.message());
  llvm::sort(listing.folders);
  llvm::sort(listing.files);
  return listing;
}

static std::string join(StringRef folder, StringRef name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

/// How many files there are in a folder and the folders below.
static Expected<uint32_t> countFiles(StringRef folder) {
  uint32_t files = 0;
  std::error_code error;
  for (sys::fs::recursive_directory_iterator
           entry(folder, error, /*follow_symlinks=*/false),
       end;
       entry != end && !error; entry.increment(error))
    files += !sys::fs::is_directory(entry->path());
  if (error)
    return createStringError(folder + ": cannot be read: " + error.message());
  return files;
}

static Expected<std::vector<LabelledImage>>
listClassFolders(StringRef root, const Listing &listing, uint32_t classes,
                 PassedOver &passed) {
  if (listing.folders.size() != classes)
    return createStringError(fmt::format(
        "{}: expects {} class folders, one for each output of the model, but "
        "got {}",
        root.str(), classes, listing.folders.size()));
  passed.beside = listing.files.size();
  std::vector<LabelledImage> images;
  for (const auto &[label, name] : enumerate(listing.folders)) {
    const std::string path = join(root, name);
    Expected<Listing> folder = listFolder(path, passed);
    if (!folder)
      return folder.takeError();
    if (folder->files.empty())
      passed.emptyClasses.push_back(name);
    for (const std::string &file : folder->files)
      images.push_back({join(path, file), static_cast<uint32_t>(label)});
    for (const std::string &nested : folder->folders) {
      Expected<uint32_t> files = countFiles(join(path, nested));
      if (!files)
        return files.takeError();
      passed.nested += *files;
    }
  }
  return images;
}

static Expected<std::vector<LabelledImage>>
listNumberedFiles(StringRef root, const Listing &listing, uint32_t classes,
                  PassedOver &passed) {
  std::vector<LabelledImage> images;
  for (StringRef file : listing.files) {
    StringRef rest = file;
    uint32_t label;
    if (rest.consumeInteger(10, label) || !rest.starts_with("_")) {
      ++passed.unnumbered; // a list of labels, a licence
      continue;
    }
    if (label >= classes)
      return createStringError(
          fmt::format("{}: expects a class index of 0 to {}, but got {}",
                      join(root, file), classes - 1, label));
    images.push_back({join(root, file), label});
  }
  return images;
}

/// Takes one image of each class in turn, so that the first N of them are a
/// fair sample.
static void interleaveClasses(std::vector<LabelledImage> &images) {
  std::map<uint32_t, size_t> seen; // images of a class so far
  std::vector<std::pair<size_t, size_t>> order;
  for (const auto &[index, image] : enumerate(images))
    order.emplace_back(seen[image.label]++, index);
  llvm::sort(order);
  std::vector<LabelledImage> sorted;
  for (const auto &[rank, index] : order)
    sorted.push_back(std::move(images[index]));
  images = std::move(sorted);
}

static Expected<std::vector<LabelledImage>>
listImages(const EvaluateOptions &options, uint32_t classes,
           PassedOver &passed) {
  Expected<Listing> listing = listFolder(options.folder, passed);
  if (!listing)
    return listing.takeError();
  Expected<std::vector<LabelledImage>> images =
      listing->folders.empty()
          ? listNumberedFiles(options.folder, *listing, classes, passed)
          : listClassFolders(options.folder, *listing, classes, passed);
  if (!images)
    return images.takeError();
  if (images->empty())
    return createStringError(options.folder +
                             ": expects class folders with images, or images "
                             "named by class index such as 0007_name.jpeg, "
                             "but got none");
  interleaveClasses(*images);
  if (options.limit != 0 && options.limit < images->size())
    images->resize(options.limit);
  return images;
}

/// One line, where there is anything to say.
static void printPassedOver(const PassedOver &passed, uint32_t classes) {
  std::vector<std::string> parts;
  for (auto [count, where] : {std::pair(passed.hidden, "hidden"),
                              {passed.unnumbered, "without a class index"},
                              {passed.beside, "beside the class folders"},
                              {passed.nested, "in folders of class folders"}})
    if (count > 0)
      parts.push_back(fmt::format("{} {}", count, where));
  std::vector<std::string> sentences;
  if (!parts.empty())
    sentences.push_back(fmt::format("passed over: {}", fmt::join(parts, ", ")));
  if (!passed.emptyClasses.empty())
    sentences.push_back(fmt::format(
        "{} of {} class folders without images, '{}' first",
        passed.emptyClasses.size(), classes, passed.emptyClasses.front()));
  if (!sentences.empty())
    mobileone::print(stderr, "mobileone-run: remark: {}\n",
                     fmt::join(sentences, "; "));
}

static std::string formatProgress(const Score &score, size_t total) {
  constexpr size_t width = 30;
  const size_t filled = width * score.images / total;
  return fmt::format("[{:<{}}] {}/{}  {:.1f} images/s",
                     std::string(filled, '#'), width, score.images, total,
                     score.imagesPerSecond());
}

Error evaluate(LoadedModel &model, const EvaluateOptions &options) {
  Expected<ImageModel> imageModel =
      ImageModel::create(model, options.preparation);
  if (!imageModel)
    return imageModel.takeError();
  PassedOver passed;
  Expected<std::vector<LabelledImage>> images =
      listImages(options, imageModel->countClasses(), passed);
  if (!images)
    return images.takeError();
  printPassedOver(passed, imageModel->countClasses());

  Progress progress;
  const auto start = std::chrono::steady_clock::now();
  Score score;
  for (const LabelledImage &image : *images) {
    Expected<ArrayRef<float>> output = imageModel->run(image.path);
    if (!output)
      return output.takeError();
    const std::vector<uint32_t> best = largest(*output, 5);
    ++score.images;
    score.top1 += best.front() == image.label;
    score.top5 += is_contained(best, image.label);
    score.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    progress.show(formatProgress(score, images->size()));
  }
  Progress::clear();

  if (options.json)
    print("{{\"images\": {}, \"top1\": {}, \"top5\": {}, \"seconds\": "
          "{:.3f}, \"images_per_second\": {:.1f}, \"passed_over\": {}, "
          "\"empty_classes\": {}}}\n",
          score.images, score.top1, score.top5, score.seconds,
          score.imagesPerSecond(), passed.files(), passed.emptyClasses.size());
  else
    print("{} images, {:.1f} per second\ntop-1  {:6.2f} %  ({})\n"
          "top-5  {:6.2f} %  ({})\n",
          score.images, score.imagesPerSecond(), score.percent(score.top1),
          score.top1, score.percent(score.top5), score.top5);
  return Error::success();
}

} // namespace mobileone::run
