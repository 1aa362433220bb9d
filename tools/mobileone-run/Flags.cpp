// The flags of mobileone-run, and what they need of each other.
#include "Flags.h"
#include "Validators.h"

#include "compiler/Machine/Target.h"
#include "tools/CommandLine/CommandLine.h"
#include "llvm/ADT/STLExtras.h"

#include <array>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

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
                                          "--threads 2 --json"};

ArrayRef<Task> getTasks() {
  static constexpr Task tasks[] = {classification, accuracy, verification,
                                   speed,          tensors,  all};
  return tasks;
}

/// Those that objects for this machine can have.
static std::vector<std::string> listOwnLevels() {
  std::vector<std::string> names;
  if (const Target *host = findHostTarget())
    for (const IsaLevel *level : host->getLevels())
      names.push_back(level->name.str());
  return names;
}

/// More are rather a mistake than a machine.
constexpr uint32_t maxThreads = 256;

Completions addFlags(CLI::App &app, Options &options,
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
  app.add_option("--heads", options.verify.heads,
                 "Linear layers that are the heads of the checkpoint's "
                 "network, likewise")
      ->type_name("KEYS")
      ->group(verification.title)
      ->check(headList())
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
  app.add_option("--image-size", options.imageSize,
                 "Of an object for several image sizes, the one to run "
                 "(default: its first); --input has that of the array")
      ->type_name("HxW")
      ->group(all.title)
      ->check(imageSize())
      ->excludes(input);
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

  app.set_help_flag(); // answerHelp() answers it
  app.set_version_flag("--version", formatVersion(mobileone::formatTargets()));

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

  Completions completions;
  for (const auto &[flag, completion] :
       std::initializer_list<std::pair<const char *, Completion>>{
           {"--image", Completion::ofFiles({".jpg", ".jpeg", ".png"})},
           {"--labels", Completion::ofFiles()},
           {"--eval", Completion::ofFolders()},
           {"--verify", Completion::ofFiles(getCheckpointSuffixes())},
           {"--variant", Completion::ofFiles({".json"}, {"auto", "s0", "s1",
                                                         "s2", "s3", "s4"})},
           {"--profile", Completion::ofFiles({".html"})},
           {"--input", Completion::ofFiles({".npy"})},
           {"--output", Completion::ofFiles({".npy"})},
           {"--isa", Completion::ofWords(listOwnLevels())}})
    completions[app.get_option(flag)] = completion;
  return completions;
}

} // namespace mobileone::run
