// The command line of mobileone-run.
#include "ParseCommandLine.h"
#include "compiler/Import/Network.h"
#include "compiler/Import/Normalization.h"
#include "compiler/Machine/Target.h"
#include "tools/CommandLine/CommandLine.h"
#include "tools/Output/Print.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <limits>

using namespace llvm;

namespace mobileone::run {
namespace {

/// Of --mean and --std, where they are given.
struct NormalizationTexts {
  std::optional<std::string> mean, std;
};

/// Flags of one task, and a command that uses them.
struct Task {
  const char *title;
  const char *example;
};

} // namespace

constexpr Task classification = {
    "Classify images", "mobileone-run net.o --image a.jpg b.png --top 3"};
constexpr Task accuracy = {"Measure accuracy",
                           "mobileone-run net.o --eval photos --limit 1000"};
constexpr Task verification = {"Compare with the checkpoint in float64",
                               "mobileone-run net.o --verify net.pth"};
constexpr Task speed = {"Measure speed",
                        "mobileone-run net.o --bench --rounds 500"};
constexpr Task tensors = {"Run tensors",
                          "mobileone-run net.o --input x.npy --output y.npy"};
constexpr Task all = {"In each of these", "mobileone-run net.o --bench "
                                          "--threads 2 --isa x86-64-v3 --json"};
constexpr Task help = {"Help", ""};

constexpr StringLiteral usage =
    "usage: mobileone-run MODEL.o --image FILE... | --eval FOLDER |\n"
    "           --verify CHECKPOINT | --bench | --profile FILE.html |\n"
    "           --input FILE.npy --output FILE.npy\n";

static CLI::Validator aName() {
  return CLI::Validator(
      [](const std::string &value) {
        return value.empty() ? "expects a name, but got ''" : std::string();
      },
      "");
}

constexpr uint32_t anyNumber = std::numeric_limits<uint32_t>::max();

static bool isLarge(StringRef value) {
  return !value.ltrim('0').empty() && all_of(value, isDigit);
}

/// A decimal number from 1 on. CLI11 alone reads 010 as 8.
static CLI::Validator countUpTo(uint32_t most = anyNumber) {
  return CLI::Validator(
      [most](std::string &value) {
        uint32_t count;
        if (StringRef(value).getAsInteger(10, count) || count < 1 ||
            count > most)
          return fmt::format("expects {}, but got {}",
                             most == anyNumber && !isLarge(value)
                                 ? "at least 1"
                                 : fmt::format("1 to {}", most),
                             value.empty() ? "''" : value);
        value = std::to_string(count);
        return std::string();
      },
      "");
}

/// More are rather a mistake than a machine.
constexpr uint32_t maxThreads = 256;

static CLI::Validator isaLevel() {
  return CLI::Validator(
      [](const std::string &value) {
        // Objects of other machines do not run here.
        const mobileone::Target *host = mobileone::findHostTarget();
        const uint32_t levels = host ? host->getLevelBits() : 0;
        const mobileone::IsaLevel *level = mobileone::findIsaLevel(value);
        return level && levels >> level->number & 1
                   ? std::string()
                   : fmt::format("expects one of {}, but got {}",
                                 mobileone::formatIsaLevels(levels), value);
      },
      "");
}

/// As a float, too.
static CLI::Validator positiveNumber() {
  return CLI::Validator(
      [](const std::string &value) {
        const std::optional<double> number = parseFloat(value);
        return number && *number > 0
                   ? std::string()
                   : fmt::format("expects a finite number above 0, but got "
                                 "'{}'",
                                 value);
      },
      "");
}

static CLI::Validator networkName() {
  return CLI::Validator(
      [](const std::string &value) {
        return value == "auto" || isNetworkName(value)
                   ? std::string()
                   : fmt::format("expects auto, s0 to s4 or a .json file, but "
                                 "got '{}'",
                                 value);
      },
      "");
}

static void addOptions(CLI::App &app, Options &options,
                       NormalizationTexts &normalization) {
  app.add_option("MODEL", options.object)
      ->required()
      ->check(aName())
      ->group("Model");

  CLI::Option *image = app.add_option("--image", options.classify.images,
                                      "Classify JPEG or PNG files")
                           ->type_name("FILE...")
                           ->check(aName())
                           ->group(classification.title);
  app.add_option("--labels", options.classify.labels,
                 "Names of the classes, one a line")
      ->type_name("FILE")
      ->check(aName())
      ->group(classification.title)
      ->needs(image);
  app.add_option("--top", options.classify.top,
                 "How many classes to print for each image")
      ->capture_default_str()
      ->type_name("N")
      ->group(classification.title)
      ->transform(countUpTo())
      ->needs(image);

  CLI::Option *eval =
      app.add_option("--eval", options.evaluate.folder,
                     "Measure accuracy over a folder that holds one subfolder "
                     "for each class, in sorted order, or files named by class "
                     "index such as 0007_name.jpeg")
          ->type_name("FOLDER")
          ->check(aName())
          ->group(accuracy.title);
  app.add_option("--limit", options.evaluate.limit,
                 "Evaluate only N images, one of each class in turn")
      ->type_name("N")
      ->group(accuracy.title)
      ->transform(countUpTo())
      ->needs(eval);

  CLI::Option *verify =
      app.add_option("--verify", options.verify.checkpoint,
                     "Compare with the network of a checkpoint, run in "
                     "float64, on --input or else on random images")
          ->type_name("CHECKPOINT")
          ->check(aName())
          ->group(verification.title);
  app.add_option("--variant", options.verify.variant,
                 "The checkpoint's network: auto, s0 to s4, or a .json file")
      ->capture_default_str()
      ->type_name("NAME")
      ->group(verification.title)
      ->check(aName())
      ->check(networkName())
      ->needs(verify);
  app.add_option("--key", options.verify.key,
                 "Keys that lead to the checkpoint's weights, as given to "
                 "mobileone-opt")
      ->type_name("PATH")
      ->group(verification.title)
      ->needs(verify);
  app.add_option("--strip-prefix", options.verify.stripPrefix,
                 "What stands before the names of the checkpoint's tensors, "
                 "likewise")
      ->type_name("PREFIX")
      ->group(verification.title)
      ->needs(verify);
  app.add_option("--bn-epsilon", options.verify.bnEpsilon,
                 "Epsilon of the checkpoint's batch norms, likewise")
      ->type_name("NUMBER")
      ->group(verification.title)
      ->check(positiveNumber())
      ->needs(verify);

  CLI::Option *bench =
      app.add_flag("--bench", options.bench, "Measure latency and speed")
          ->group(speed.title)
          ->disable_flag_override();
  CLI::Option *profile =
      app.add_option("--profile", options.profile,
                     "Measure each layer and write tables and plots; for an "
                     "object compiled with --instrument=layers")
          ->type_name("FILE.html")
          ->check(aName())
          ->group(speed.title);
  CLI::Option *rounds =
      app.add_option("--rounds", options.rounds, "How many runs to measure")
          ->capture_default_str()
          ->type_name("N")
          ->group(speed.title)
          ->transform(countUpTo());

  CLI::Option *input =
      app.add_option("--input", options.input,
                     "Run the images of an array: float32 or uint8, as the "
                     "model was compiled, with a leading dimension that counts "
                     "images")
          ->type_name("FILE.npy")
          ->check(aName())
          ->group(tensors.title);
  CLI::Option *output =
      app.add_option("--output", options.output, "Where to write the outputs")
          ->type_name("FILE.npy")
          ->check(aName())
          ->group(tensors.title)
          ->needs(input);

  app.add_option("--isa", options.isa,
                 "Run the code for one ISA level of the object (default: the "
                 "best that this CPU has)")
      ->type_name("LEVEL")
      ->group(all.title)
      ->check(isaLevel());
  app.add_option("--threads", options.threads,
                 "Run each image on N threads of a pool")
      ->capture_default_str()
      ->type_name("N")
      ->group(all.title)
      ->transform(countUpTo(maxThreads));
  CLI::Option *resize =
      app.add_option("--resize", options.preparation.shortEdge,
                     "With --image and --eval: resize the short edge of images "
                     "to N pixels before the centre crop (default: the model's "
                     "edge * 256 / 224)")
          ->type_name("N")
          ->group(all.title)
          ->transform(countUpTo());
  CLI::Option *mean =
      app.add_option("--mean", normalization.mean,
                     "With --image and --eval of an object that takes floats: "
                     "mean of red, green and blue, of pixels in 0..1 (default: "
                     "what the object recommends); if any number of --mean or "
                     "--std is above 1, all six are of pixels in 0..255")
          ->type_name("R,G,B")
          ->group(all.title);
  CLI::Option *std =
      app.add_option("--std", normalization.std, "Standard deviation, likewise")
          ->type_name("R,G,B")
          ->group(all.title);
  CLI::Option *json =
      app.add_flag("--json", options.json,
                   "Print figures as JSON; with all but --output, which prints "
                   "none")
          ->group(all.title)
          ->disable_flag_override();

  app.set_help_flag("--help,-h", "This text")->group(help.title);
  app.set_version_flag("--version", formatVersion(mobileone::formatTargets()),
                       "Versions of the tool and of LLVM")
      ->group(help.title);

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
    for (const CLI::Option *option : {resize, mean, std})
      if (option->count() > 0 && image->count() + eval->count() == 0)
        throw CLI::ValidationError(
            fmt::format("{} requires --image or --eval", option->get_name()));
    if (json->count() > 0 && output->count() > 0)
      throw CLI::ValidationError("--json requires --image, --eval, --verify, "
                                 "--bench or --profile");
  });
}

static std::string describeTool(const CLI::App &app) {
  std::vector<HelpGroup> groups;
  for (const Task &task :
       {classification, accuracy, verification, speed, tensors, all, help}) {
    HelpGroup &group = groups.emplace_back();
    group.title = task.title;
    group.example = task.example;
    for (const CLI::Option *option : app.get_options()) {
      if (option->get_group() != task.title)
        continue;
      // All names, "--help,-h".
      std::string name = option->get_name(/*positional=*/false,
                                          /*all_options=*/true);
      std::string text = option->get_description();
      if (!option->get_type_name().empty() && option->get_items_expected() > 0)
        name += " " + option->get_type_name();
      if (!option->get_default_str().empty())
        text += fmt::format(" (default: {})", option->get_default_str());
      group.flags.push_back({name, text});
    }
  }
  return formatHelp("Runs an object that mobileone-opt made.\n" + usage.str(),
                    groups);
}

/// What no flag took, in words that have the names of all to choose from.
static std::string describeExtras(const CLI::App &app) {
  std::vector<StringRef> names;
  for (const CLI::Option *option : app.get_options())
    for (const std::string &name : option->get_lnames())
      names.push_back(name);
  const std::vector<std::string> extras = app.remaining();
  for (const std::string &argument : extras)
    if (StringRef(argument).starts_with("-")) {
      const std::string nearest =
          findNearest(StringRef(argument).ltrim('-').split('=').first, names);
      return fmt::format("unknown flag '{}'; {}", argument,
                         nearest.empty()
                             ? "see --help"
                             : fmt::format("did you mean --{}?", nearest));
    }
  return fmt::format("expects one MODEL.o, but got '{}', too", extras.front());
}

static void printError(const std::string &message) {
  print(stderr, "mobileone-run: error: {}\n", message);
}

/// What is not given stays what the object recommends.
static Error readNormalization(const NormalizationTexts &texts,
                               ImageOptions &options) {
  std::string remark;
  Expected<Normalization> parsed =
      parseNormalization(texts.mean, texts.std, remark);
  if (!parsed)
    return parsed.takeError();
  if (!remark.empty())
    print(stderr, "mobileone-run: remark: {}\n", remark);
  if (texts.mean)
    copy(parsed->mean, options.mean.emplace().begin());
  if (texts.std)
    copy(parsed->std, options.std.emplace().begin());
  return Error::success();
}

Options parseCommandLine(int argc, char **argv) {
  if (argc == 1) {
    print(stderr, "{}mobileone-run --help says more\n", usage.str());
    std::exit(ExitCommandLine);
  }
  CLI::App app("", "mobileone-run");
  Options options;
  NormalizationTexts normalization;
  addOptions(app, options, normalization);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp &) {
    print("{}", describeTool(app));
    std::exit(ExitDone);
  } catch (const CLI::CallForVersion &version) {
    print("{}", version.what());
    std::exit(ExitDone);
  } catch (const CLI::ExtrasError &) {
    printError(describeExtras(app));
    std::exit(ExitCommandLine);
  } catch (const CLI::ParseError &error) {
    printError(error.what());
    std::exit(ExitCommandLine);
  }
  if (Error error = readNormalization(normalization, options.preparation)) {
    printError(toString(std::move(error)));
    std::exit(ExitCommandLine);
  }
  return options;
}

} // namespace mobileone::run
