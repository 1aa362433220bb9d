// mobileone-run: runs an object that mobileone-opt made.
#include "Modes.h"

#include "tools/Output/Print.h"
#include "tools/Output/ToolProcess.h"
#include "llvm/ADT/STLExtras.h"

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>

using namespace llvm;
using namespace mobileone::run;
using mobileone::OutputSet;
using mobileone::print;
using mobileone::ToolProcess;

namespace {

struct Options {
  std::string object;
  std::string isa;
  uint32_t threads = 1;
  std::string input;
  std::string output;
  ClassifyOptions classify;
  EvaluateOptions evaluate;
  VerifyOptions verify;
  ImageOptions preparation;
  bool json = false;
  bool bench = false;
  std::string profile;
  uint32_t rounds = 100;
};

} // namespace

static CLI::Validator aName() {
  return CLI::Validator(
      [](const std::string &value) {
        return value.empty() ? "expects a name, but got ''" : std::string();
      },
      "");
}

static CLI::Validator atLeastOne() {
  return CLI::Validator(
      [](const std::string &value) {
        return value.empty() ||
                       value.find_first_not_of('0') == std::string::npos
                   ? fmt::format("expects at least 1, but got {}", value)
                   : std::string();
      },
      "");
}

/// More are rather a mistake than a machine.
constexpr uint32_t maxThreads = 256;

static CLI::Validator threadCount() {
  return CLI::Validator(
      [](const std::string &value) {
        uint32_t threads;
        return !StringRef(value).getAsInteger(10, threads) && threads >= 1 &&
                       threads <= maxThreads
                   ? std::string()
                   : fmt::format("expects 1 to {}, but got {}", maxThreads,
                                 value);
      },
      "");
}

static CLI::Validator isaLevel() {
  return CLI::Validator(
      [](const std::string &value) {
        return findIsa(value) != MOBILEONE_ISA_NONE
                   ? std::string()
                   : fmt::format("expects one of {}, but got {}", isaNames(~0u),
                                 value);
      },
      "");
}

/// Three numbers with commas.
static CLI::Option *
addNormalization(CLI::App &app, const std::string &name,
                 std::optional<std::array<float, 3>> &values,
                 const std::string &description) {
  const bool isStd = name == "--std";
  return app
      .add_option_function<std::string>(
          name,
          [&values, name, isStd](const std::string &text) {
            SmallVector<StringRef> numbers;
            StringRef(text).split(numbers, ',');
            std::array<float, 3> read = {};
            bool isRight = numbers.size() == read.size();
            for (size_t i = 0; isRight && i < read.size(); ++i) {
              double number;
              isRight = !numbers[i].getAsDouble(number);
              read[i] = static_cast<float>(number);
              isRight &= std::isfinite(read[i]) && (!isStd || read[i] > 0);
            }
            if (!isRight)
              throw CLI::ValidationError(
                  fmt::format("{} expects three numbers{}, of values in 0..1, "
                              "but got {}",
                              name, isStd ? " above 0" : "", text));
            values = read;
          },
          description)
      ->type_name("R,G,B");
}

static void addOptions(CLI::App &app, Options &options) {
  app.add_option("MODEL", options.object, "An object made by mobileone-opt")
      ->required()
      ->type_name("FILE.o")
      ->check(aName());
  app.add_option("--isa", options.isa,
                 "Run the code for one ISA level of the object (default: the "
                 "best that this CPU has)")
      ->type_name("LEVEL")
      ->check(isaLevel());
  app.add_option("--threads", options.threads,
                 "Run each image on N threads of a pool")
      ->capture_default_str()
      ->type_name("N")
      ->check(threadCount());

  CLI::Option *input =
      app.add_option("--input", options.input,
                     "Run the images of an array: float32 or uint8, as the "
                     "model was compiled, with a leading dimension that counts "
                     "images")
          ->type_name("FILE.npy")
          ->check(aName());
  CLI::Option *output =
      app.add_option("--output", options.output, "Where to write the outputs")
          ->type_name("FILE.npy")
          ->check(aName())
          ->needs(input);

  CLI::Option *image = app.add_option("--image", options.classify.images,
                                      "Classify JPEG or PNG files")
                           ->type_name("FILE")
                           ->check(aName());
  app.add_option("--labels", options.classify.labels,
                 "Names of the classes, one a line")
      ->type_name("FILE")
      ->check(aName())
      ->needs(image);
  app.add_option("--top", options.classify.top,
                 "How many classes to print for each image")
      ->capture_default_str()
      ->type_name("N")
      ->check(atLeastOne())
      ->needs(image);

  CLI::Option *eval =
      app.add_option("--eval", options.evaluate.folder,
                     "Measure accuracy over a folder that holds one subfolder "
                     "for each class, in sorted order, or files named by class "
                     "index such as 0007_name.jpeg")
          ->type_name("FOLDER")
          ->check(aName());
  app.add_option("--limit", options.evaluate.limit,
                 "Evaluate only N images, one of each class in turn")
      ->type_name("N")
      ->check(atLeastOne())
      ->needs(eval);

  CLI::Option *verify =
      app.add_option("--verify", options.verify.checkpoint,
                     "Compare with the network of a checkpoint, run in "
                     "float64, on --input or else on random images")
          ->type_name("CHECKPOINT")
          ->check(aName());
  app.add_option("--variant", options.verify.variant,
                 "The checkpoint's network: auto, s0 to s4, or a .json file")
      ->capture_default_str()
      ->type_name("NAME")
      ->check(aName())
      ->needs(verify);

  app.add_option("--key", options.verify.key,
                 "Keys that lead to the checkpoint's weights, as given to "
                 "mobileone-opt")
      ->type_name("PATH")
      ->needs(verify);
  app.add_option("--strip-prefix", options.verify.stripPrefix,
                 "What stands before the names of the checkpoint's tensors, "
                 "likewise")
      ->type_name("PREFIX")
      ->needs(verify);
  app.add_option("--bn-epsilon", options.verify.bnEpsilon,
                 "Epsilon of the checkpoint's batch norms, likewise")
      ->type_name("NUMBER")
      ->needs(verify);

  CLI::Option *bench =
      app.add_flag("--bench", options.bench, "Measure latency and speed");
  CLI::Option *profile =
      app.add_option("--profile", options.profile,
                     "Measure each layer and write tables and plots; for an "
                     "object compiled with --instrument=layers")
          ->type_name("FILE.html")
          ->check(aName());
  CLI::Option *rounds =
      app.add_option("--rounds", options.rounds, "How many runs to measure")
          ->capture_default_str()
          ->type_name("N")
          ->check(atLeastOne());

  CLI::Option *resize =
      app.add_option("--resize", options.preparation.shortEdge,
                     "Resize the short edge of images to N pixels before the "
                     "centre crop (default: the model's edge * 256 / 224)")
          ->type_name("N")
          ->check(atLeastOne());
  CLI::Option *mean =
      addNormalization(app, "--mean", options.preparation.mean,
                       "Mean of red, green and blue in 0..1, for objects that "
                       "take floats (default: what the object recommends)");
  CLI::Option *std = addNormalization(app, "--std", options.preparation.std,
                                      "Standard deviation, likewise");
  CLI::Option *json =
      app.add_flag("--json", options.json, "Print results as JSON");

  app.final_callback([=] {
    const std::array modes = {output, image, eval, verify, bench, profile};
    const auto given = count_if(
        modes, [](CLI::Option *option) { return option->count() > 0; });
    if (given != 1)
      throw CLI::ValidationError(
          fmt::format("expects one of --output, --image, --eval, --verify, "
                      "--bench and --profile, but got {}",
                      given));
    if (input->count() > 0 && output->count() + verify->count() == 0)
      throw CLI::ValidationError("--input requires --output or --verify");
    if (rounds->count() > 0 && bench->count() + profile->count() == 0)
      throw CLI::ValidationError("--rounds requires --bench or --profile");
    for (const CLI::Option *option : {resize, mean, std, json})
      if (option->count() > 0 && image->count() + eval->count() == 0)
        throw CLI::ValidationError(
            fmt::format("{} requires --image or --eval", option->get_name()));
  });
  app.failure_message([](const CLI::App *, const CLI::Error &error) {
    return fmt::format("mobileone-run: error: {}\n", error.what());
  });
}

static Error runMode(LoadedModel &model, Options &options, OutputSet &outputs) {
  if (!options.output.empty())
    return runTensors(model, options.input, options.output, outputs);
  if (!options.verify.checkpoint.empty()) {
    options.verify.input = options.input;
    return verify(model, options.verify);
  }
  if (options.bench)
    return bench(model, options.rounds);
  if (!options.profile.empty())
    return profile(model, options.profile, options.rounds, outputs);
  if (!options.evaluate.folder.empty()) {
    options.evaluate.preparation = options.preparation;
    options.evaluate.json = options.json;
    return evaluate(model, options.evaluate);
  }
  options.classify.preparation = options.preparation;
  options.classify.json = options.json;
  return classify(model, options.classify);
}

/// Refuses an output before any work.
static Error reserveOutputs(const Options &options, OutputSet &outputs) {
  for (const std::string &file :
       {options.object, options.input, options.classify.labels,
        options.verify.checkpoint, options.verify.variant})
    outputs.addInput(file);
  for (const std::string &file : options.classify.images)
    outputs.addInput(file);
  for (const std::string &file : {options.output, options.profile})
    if (!file.empty())
      if (Error error = outputs.reserve(file))
        return error;
  return Error::success();
}

static Error run(Options &options) {
  OutputSet outputs;
  if (Error error = reserveOutputs(options, outputs))
    return error;
  Expected<std::unique_ptr<LoadedModel>> model =
      LoadedModel::load(options.object, options.threads);
  if (!model)
    return model.takeError();
  if (const uint32_t cores = mobileone_usable_cores(); options.threads > cores)
    fmt::print(stderr,
               "mobileone-run: note: --threads={} is more than the {} core{} "
               "that this process may use: threads wait for each other, and "
               "each run takes longer\n",
               options.threads, cores, cores == 1 ? "" : "s");
  if (!options.isa.empty())
    if (Error error = (*model)->chooseIsa(findIsa(options.isa)))
      return createStringError(options.object + ": " +
                               toString(std::move(error)));
  if (Error error = runMode(**model, options, outputs))
    return error;
  return outputs.commit();
}

int main(int argc, char **argv) {
  ToolProcess process("mobileone-run", argc, argv);
  CLI::App app("Runs an object that mobileone-opt made: classifies, evaluates, "
               "measures.",
               "mobileone-run");
  Options options;
  addOptions(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error);
  }

  int status = EXIT_SUCCESS;
  handleAllErrors(run(options), [&](const ErrorInfoBase &error) {
    print(stderr, "mobileone-run: error: {}\n", error.message());
    status = EXIT_FAILURE;
  });
  return status;
}
