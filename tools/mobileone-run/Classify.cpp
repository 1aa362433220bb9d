// Prints the best classes of image files.
#include "Json.h"
#include "Modes.h"
#include "tools/Images/ReadFile.h"

#include "tools/Output/Print.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {
namespace {

/// One class of one image.
struct Guess {
  uint32_t index;
  float output; // a logit, or a probability if the model ends in a softmax
  double probability;
};

struct Result {
  std::string file;
  std::vector<Guess> best;
};

} // namespace

/// Reads one label a line; without a file, all labels are empty.
static Expected<std::vector<std::string>> readLabels(StringRef path,
                                                     size_t classes) {
  std::vector<std::string> labels(classes);
  if (path.empty())
    return labels;
  Expected<std::unique_ptr<MemoryBuffer>> file = images::readFile(path);
  if (!file)
    return file.takeError();
  SmallVector<StringRef> lines;
  (*file)->getBuffer().rtrim("\r\n").split(lines, '\n');
  if (lines.size() != classes)
    return createStringError(fmt::format(
        "{}: expects {} lines, one for each output of the model, but got {}",
        path.str(), classes, lines.size()));
  for (size_t i = 0; i < classes; ++i)
    labels[i] = lines[i].rtrim("\r").str();
  return labels;
}

static std::vector<Guess> bestGuesses(ArrayRef<float> output, bool softmax,
                                      size_t count) {
  std::vector<uint32_t> best = largest(output, count);
  double sum = 0;
  for (float value : output)
    sum += std::exp(static_cast<double>(value) - output[best.front()]);
  std::vector<Guess> guesses;
  for (uint32_t index : best)
    guesses.push_back({index, output[index],
                       softmax ? output[index]
                               : std::exp(static_cast<double>(output[index]) -
                                          output[best.front()]) /
                                     sum});
  return guesses;
}

static void printTable(const Result &result, ArrayRef<std::string> labels) {
  print("{}\n", result.file);
  for (const Guess &guess : result.best)
    print("  {:6.2f} %  {:>4}{}{}\n", 100 * guess.probability, guess.index,
          labels[guess.index].empty() ? "" : "  ", labels[guess.index]);
}

static void writeGuess(json::OStream &json, const Guess &guess, StringRef label,
                       bool softmax) {
  json.object([&] {
    json.attribute("class", guess.index);
    if (!label.empty())
      json.attribute("label", json::fixUTF8(label));
    writeNumber(json, "probability", guess.probability);
    if (!softmax)
      writeNumber(json, "logit", guess.output);
  });
}

static void writeResults(json::OStream &json, ArrayRef<Result> results,
                         ArrayRef<std::string> labels, bool softmax) {
  json.array([&] {
    for (const Result &result : results)
      json.object([&] {
        json.attribute("file", json::fixUTF8(result.file));
        json.attributeArray("top", [&] {
          for (const Guess &guess : result.best)
            writeGuess(json, guess, labels[guess.index], softmax);
        });
      });
  });
}

Error classify(LoadedModel &model, const ClassifyOptions &options) {
  Expected<ImageModel> imageModel =
      ImageModel::create(model, options.preparation);
  if (!imageModel)
    return imageModel.takeError();
  Expected<std::vector<std::string>> labels =
      readLabels(options.labels, imageModel->countClasses());
  if (!labels)
    return labels.takeError();

  const bool softmax = imageModel->isSoftmax();
  // One bad file does not keep the others from being classified.
  Error errors = Error::success();
  std::vector<Result> results;
  for (const std::string &file : options.images) {
    Expected<ArrayRef<float>> output = imageModel->run(file);
    if (!output) {
      errors = joinErrors(std::move(errors), output.takeError());
      continue;
    }
    results.push_back({file, bestGuesses(*output, softmax, options.top)});
    if (!options.json)
      printTable(results.back(), *labels);
  }
  if (options.json)
    printJson([&](json::OStream &json) {
      writeResults(json, results, *labels, softmax);
    });
  return errors;
}

} // namespace mobileone::run
