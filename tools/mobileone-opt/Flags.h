// The compiler's flags, beyond what every -opt tool has.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_FLAGS_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_FLAGS_H

#include "Diagnostics.h"
#include "Options.h"
#include "compiler/Verification/Comparison.h"
#include "tools/CommandLine/CommandLine.h"
#include "llvm/Support/CommandLine.h"

#include <fmt/format.h>

namespace mobileone {

/// What shells offer for the values of flags, which add it as they are made.
inline llvm::DenseMap<const llvm::cl::Option *, Completion> &getCompletions() {
  static llvm::DenseMap<const llvm::cl::Option *, Completion> completions;
  return completions;
}

/// Says it of a flag, as llvm::cl::desc says what it is for.
struct Completes {
  Completion completion;

  template <typename Flag>
  void apply(Flag &flag) const {
    const llvm::cl::Option &option = flag; // a list has a `&` of its own
    getCompletions()[&option] = completion;
  }
};

/// An enumeration whose error lists what there is.
template <typename T>
struct ChoiceParser : llvm::cl::parser<T> {
  using llvm::cl::parser<T>::parser;

  void initialize() {
    Completion &completion = getCompletions()[&this->Owner];
    completion = Completion::ofWords({});
    for (const auto &choice : this->Values)
      completion.words.push_back(choice.Name.str());
  }

  bool parse(llvm::cl::Option &flag, llvm::StringRef, llvm::StringRef text,
             T &value) {
    llvm::SmallVector<llvm::StringRef> names;
    for (const auto &choice : this->Values) {
      names.push_back(choice.Name);
      if (choice.Name != text)
        continue;
      value = choice.V.getValue();
      return false;
    }
    std::string nearest = findNearest(text, names);
    (void)fail("--" + flag.ArgStr + " expects " + joinChoices(names) +
               ", but got '" + text + "'" +
               (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
    return true;
  }
};
template <typename T>
using Choice = llvm::cl::opt<T, false, ChoiceParser<T>>;

template <typename T>
using ChoiceList = llvm::cl::list<T, bool, ChoiceParser<T>>;

/// Names for --target; for --isa, those of all targets.
std::vector<std::string> listTargets();
std::vector<std::string> listLevels();

/// Each group has a title and a command that uses it.
struct Flags {
  llvm::cl::OptionCategory network{
      "Network and image: what the checkpoint is, and what the object takes",
      "mobileone-opt net.pth --input=u8-nhwc --image-size=192x256 -o net.o"};
  llvm::cl::opt<std::string> variant{
      "variant",
      llvm::cl::cat(network),
      llvm::cl::value_desc("NAME"),
      llvm::cl::init("auto"),
      Completes{Completion::ofFiles({".json"},
                                    {"auto", "s0", "s1", "s2", "s3", "s4"})},
      llvm::cl::desc(
          "auto (default), s0 to s4, or FILE.json of a custom network")};
  Choice<InputLayout> input{
      "input",
      llvm::cl::cat(network),
      llvm::cl::value_desc("LAYOUT"),
      llvm::cl::init(InputLayout::F32NCHW),
      llvm::cl::desc(
          "The image that the object takes: f32-nchw (default) or "
          "f32-nhwc, normalized by the caller; u8-nhwc, bytes that the "
          "object normalizes"),
      llvm::cl::values(
          clEnumValN(InputLayout::F32NCHW, "f32-nchw", "float [3][H][W]"),
          clEnumValN(InputLayout::F32NHWC, "f32-nhwc", "float [H][W][3]"),
          clEnumValN(InputLayout::U8NHWC, "u8-nhwc", "bytes [H][W][3]"))};
  Choice<ChannelOrder> channels{
      "channels",
      llvm::cl::cat(network),
      llvm::cl::value_desc("ORDER"),
      llvm::cl::init(ChannelOrder::rgb),
      llvm::cl::desc("What a pixel of u8-nhwc holds, in order: rgb (default), "
                     "bgr as OpenCV has it, rgba or bgra; alpha is not read"),
      llvm::cl::values(clEnumValN(ChannelOrder::rgb, "rgb", "red, green, blue"),
                       clEnumValN(ChannelOrder::bgr, "bgr", "as OpenCV has it"),
                       clEnumValN(ChannelOrder::rgba, "rgba",
                                  "and alpha, which is not read"),
                       clEnumValN(ChannelOrder::bgra, "bgra",
                                  "and alpha, which is not read"))};
  llvm::cl::opt<std::string> mean{
      "mean", llvm::cl::cat(network), llvm::cl::value_desc("R,G,B"),
      llvm::cl::desc(
          "Mean of pixels in 0..1 (default: ImageNet's), which u8-nhwc "
          "applies and which is recommended to callers with floats; one "
          "number for each channel, as 0.5 of gray images; if any of --mean "
          "or --std is above 1, all are of pixels in 0..255")};
  llvm::cl::opt<std::string> std{
      "std", llvm::cl::cat(network), llvm::cl::value_desc("R,G,B"),
      llvm::cl::desc("Standard deviation, in the same units")};
  llvm::cl::list<std::string> imageSize{
      "image-size", llvm::cl::cat(network),
      llvm::cl::value_desc("HxW[,HxW...]"), llvm::cl::CommaSeparated,
      llvm::cl::desc(
          "Sizes of the image, 32x32 to 16384x16384 (default: 224x224, of IR "
          "its own); an object for several has the weights once, and calls "
          "that name no size take the first")};
  llvm::cl::opt<std::string> key{
      "key", llvm::cl::cat(network), llvm::cl::value_desc("PATH"),
      llvm::cl::desc("Keys that lead to the weights in a checkpoint of several "
                     "dictionaries, as model/ema (default: searched)")};
  llvm::cl::opt<std::string> stripPrefix{
      "strip-prefix", llvm::cl::cat(network), llvm::cl::value_desc("PREFIX"),
      llvm::cl::desc("What stands before the names of the network's tensors, "
                     "as student. (default: searched)")};
  llvm::cl::opt<std::string> heads{
      "heads", llvm::cl::cat(network), llvm::cl::value_desc("KEYS"),
      llvm::cl::desc("Linear layers that are the heads of the network, by "
                     "their keys in the checkpoint, as fc_yaw, or NAME=KEY, as "
                     "yaw=fc_yaw, with commas between (default: those that "
                     "are found)")};
  llvm::cl::opt<std::string> bnEpsilon{
      "bn-epsilon", llvm::cl::cat(network), llvm::cl::value_desc("NUMBER"),
      llvm::cl::desc("Epsilon of the batch norms, which no checkpoint stores "
                     "(default: 1e-5; 1e-3 is common in detection)")};
  llvm::cl::opt<std::string> tensors{
      "tensors", llvm::cl::cat(network), llvm::cl::value_desc("FILE"),
      Completes{Completion::ofFiles(getCheckpointSuffixes())},
      llvm::cl::desc("Of IR as input: the checkpoint that holds what "
                     "dense_resource<NAME> names")};
  llvm::cl::opt<bool> allowNonFinite{
      "allow-non-finite", llvm::cl::cat(network),
      llvm::cl::desc("Accept NaN and infinite weights")};

  llvm::cl::OptionCategory object{
      "Object: what it computes, and for which CPUs",
      "mobileone-opt net.pth --isa=native --prefix=net --batch=1,8 -o "
      "net.o"};
  llvm::cl::list<std::string> batch{
      "batch", llvm::cl::cat(object), llvm::cl::CommaSeparated,
      llvm::cl::value_desc("COUNTS"),
      llvm::cl::desc(
          "Images of one P_run() (default: 1), then further counts that "
          "the header has sizes of buffers for; P_run_ex() takes any "
          "number, and all share the weights")};
  llvm::cl::list<std::string> output{
      "output",
      llvm::cl::cat(object),
      llvm::cl::CommaSeparated,
      llvm::cl::value_desc("KINDS"),
      llvm::cl::desc(
          "What one call returns: logits, softmax, embedding (the mean of each "
          "channel of the last map), features (the last map), "
          "features=stem,1,2,3,4 (those of stem and stages, or of any block by "
          "its name), or several with commas between; of several heads "
          "logits=NAMES and softmax=NAMES are of these alone (default: logits, "
          "or features where there is no classifier)"),
      Completes{Completion::ofWords(
          {"logits", "softmax", "embedding", "features", "features="})}};
  Choice<FeatureLayout> featureLayout{
      "feature-layout",
      llvm::cl::cat(object),
      llvm::cl::value_desc("LAYOUT"),
      llvm::cl::init(FeatureLayout::NCHW),
      llvm::cl::desc("How feature maps lie in memory: nchw (default) or nhwc"),
      llvm::cl::values(
          clEnumValN(FeatureLayout::NCHW, "nchw", "channels before rows"),
          clEnumValN(FeatureLayout::NHWC, "nhwc", "channels last"))};
  Choice<WeightsPlace> weights{
      "weights",
      llvm::cl::cat(object),
      llvm::cl::value_desc("PLACE"),
      llvm::cl::init(WeightsPlace::Embed),
      llvm::cl::desc("Where the weights are: embed (default), in the object; "
                     "external, in NAME.weights beside it, which the app maps "
                     "and gives to each call"),
      llvm::cl::values(
          clEnumValN(WeightsPlace::Embed, "embed", "in the object"),
          clEnumValN(WeightsPlace::External, "external", "in NAME.weights"))};
  llvm::cl::opt<std::string> prefix{
      "prefix", llvm::cl::cat(object), llvm::cl::value_desc("NAME"),
      llvm::cl::desc("Begins every symbol (default: mobileone_<variant>)")};
  llvm::cl::opt<std::string> target{
      "target", llvm::cl::cat(object), llvm::cl::value_desc("TRIPLE"),
      Completes{Completion::ofWords(listTargets())},
      llvm::cl::desc("The system that the object is for, as "
                     "aarch64-linux-gnu (default: this one); --help-targets "
                     "lists all")};
  std::string levels = formatIsaLevels(getTargets().front().getLevelBits());
  std::string isaText =
      "native, or any of the target's levels, as " + levels +
      " (default: all, and the object picks one at its first call; of wasm32 "
      "the lowest)";
  llvm::cl::list<std::string> isa{"isa",
                                  llvm::cl::cat(object),
                                  llvm::cl::CommaSeparated,
                                  llvm::cl::value_desc("LEVELS"),
                                  llvm::cl::desc(isaText),
                                  Completes{Completion::ofWords(listLevels())}};
  Choice<Precision> precision{
      "precision",
      llvm::cl::cat(object),
      llvm::cl::value_desc("NAME"),
      llvm::cl::init(Precision::F32),
      llvm::cl::desc(
          "Of what numbers the layers are: f32 (default); int8, bytes "
          "and weights of 8 bits with a scale per channel, chosen by "
          "the images of --calibrate"),
      llvm::cl::values(
          clEnumValN(Precision::F32, "f32", "floats"),
          clEnumValN(Precision::Int8, "int8", "bytes by weights of 8 bits"))};
  llvm::cl::opt<std::string> calibrate{
      "calibrate", llvm::cl::cat(object), llvm::cl::value_desc("PATH"),
      Completes{Completion::ofFiles({".npy"})},
      llvm::cl::desc("Of int8: images such as the network will see, about 100 "
                     "and without labels: a folder of JPEG and PNG files, "
                     "resized and cropped as mobileone-run does, or FILE.npy "
                     "with the network's inputs")};
  llvm::cl::opt<std::string> int8Budget{
      "int8-budget", llvm::cl::cat(object),
      llvm::cl::value_desc("LAYERS[,PERCENT]"),
      llvm::cl::desc("Of int8: how many sensitive layers may keep weights of "
                     "f32, and what part of the multiply-adds (default: 5,15); "
                     "the first one always does")};
  Choice<Instrument> instrument{
      "instrument",
      llvm::cl::cat(object),
      llvm::cl::value_desc("WHAT"),
      llvm::cl::init(Instrument::None),
      llvm::cl::desc(
          "What the object tells of its layers while it runs: none "
          "(default); layers, beginning and end of each; tensors, and "
          "each one's result, so that no layers are fused"),
      llvm::cl::values(clEnumValN(Instrument::None, "none", "nothing"),
                       clEnumValN(Instrument::Layers, "layers",
                                  "beginning and end of each layer"),
                       clEnumValN(Instrument::Tensors, "tensors",
                                  "and each layer's result"))};
  Choice<Algorithm> algorithm{
      "algorithm",
      llvm::cl::cat(object),
      llvm::cl::value_desc("NAME"),
      llvm::cl::init(Algorithm::Auto),
      llvm::cl::desc(
          "How pointwise layers are computed: auto (default), by Strassen's "
          "algorithm where that is faster; classical, with all products; "
          "strassen, wherever there are halves; strassen2, by two levels of it "
          "in layers of 384 and more channels, whose weights are then three "
          "times as large"),
      getAlgorithmValues()};
  llvm::cl::opt<std::string> tune{
      "tune", llvm::cl::cat(object), llvm::cl::value_desc("FILE"),
      Completes{Completion::ofFiles()},
      llvm::cl::desc(
          "Time schedules on this CPU and write the fastest there, for "
          "--schedule; without -o, only that")};
  llvm::cl::opt<std::string> schedule{
      "schedule", llvm::cl::cat(object), llvm::cl::value_desc("FILE"),
      Completes{Completion::ofFiles()},
      llvm::cl::desc("Tiles and loop orders that go before the chosen ones")};

  llvm::cl::OptionCategory files{
      "Output: any stage of the compiler",
      "mobileone-opt net.pth --emit=linalg -o net.mlir"};
  llvm::cl::opt<std::string> o{
      "o",
      llvm::cl::cat(files),
      llvm::cl::value_desc("FILE"),
      Completes{Completion::ofFiles({".o", ".obj", ".a", ".lib", ".so", ".s",
                                     ".ll", ".mlir", ".mlirbc"})},
      llvm::cl::init("-"),
      llvm::cl::desc(
          "Where to write (default: standard output); the suffix tells "
          "what: .o or .obj object, .a or .lib static and .so shared library, "
          "with C header and JSON beside it; .s, .ll, .mlir, .mlirbc")};
  Choice<EmitKind> emit{
      "emit", llvm::cl::cat(files), llvm::cl::value_desc("KIND"),
      llvm::cl::desc(
          "What to write, instead of what the suffix says: train or "
          "reparameterized (IR), quantized, planned, linalg, vector, llvm, "
          "llvm-ir, asm, obj, archive, shared; or stats, parameters and "
          "multiply-adds of each layer"),
      llvm::cl::values(
          clEnumValN(EmitKind::Train, "train", "train-time IR"),
          clEnumValN(EmitKind::Reparameterized, "reparameterized",
                     "single-branch IR"),
          clEnumValN(EmitKind::Quantized, "quantized",
                     "with integers, of --precision=int8"),
          clEnumValN(EmitKind::Planned, "planned",
                     "layouts and kernels of each layer"),
          clEnumValN(EmitKind::Linalg, "linalg", "linalg kernels on tensors"),
          clEnumValN(EmitKind::Vector, "vector", "vector loops on one arena"),
          clEnumValN(EmitKind::Llvm, "llvm", "LLVM dialect"),
          clEnumValN(EmitKind::LlvmIr, "llvm-ir", "LLVM IR, without weights"),
          clEnumValN(EmitKind::Asm, "asm", "assembly, without weights"),
          clEnumValN(EmitKind::Obj, "obj", "object, C header and JSON"),
          clEnumValN(EmitKind::Archive, "archive",
                     "static library, C header and JSON"),
          clEnumValN(EmitKind::Shared, "shared",
                     "shared library, C header and JSON"),
          clEnumValN(EmitKind::Stats, "stats",
                     "parameters and multiply-adds per layer"))};
  ChoiceList<Artifact::Kind> also{
      "also",
      llvm::cl::cat(files),
      llvm::cl::CommaSeparated,
      llvm::cl::value_desc("KINDS"),
      llvm::cl::desc(
          "Further files beside the object: hpp, its C++ wrapper; pc "
          "and cmake, by which pkg-config and CMake find it"),
      llvm::cl::values(
          clEnumValN(Artifact::CppHeader, "hpp", "C++ wrapper"),
          clEnumValN(Artifact::PkgConfig, "pc", "for pkg-config"),
          clEnumValN(Artifact::CMakeConfig, "cmake", "for CMake"))};
  llvm::cl::opt<bool> overwrite{
      "overwrite", llvm::cl::cat(files),
      llvm::cl::desc("Replace files beside the object, or in the folder of "
                     "--save-temps, that mobileone-opt did not write")};
  llvm::cl::opt<std::string> saveTemps{
      "save-temps", llvm::cl::cat(files), llvm::cl::value_desc("FOLDER"),
      Completes{Completion::ofFolders()},
      llvm::cl::desc("Write each stage there, too")};

  llvm::cl::OptionCategory inspection{
      "Inspection: what the compiler decided",
      "mobileone-opt net.pth --isa=native --print-schedule -o net.o"};
  llvm::cl::opt<bool> printSchedule{
      "print-schedule", llvm::cl::cat(inspection),
      llvm::cl::desc("Print tiles and loop orders to stderr")};
  llvm::cl::opt<bool> json{
      "json", llvm::cl::cat(inspection),
      llvm::cl::desc("With --emit=stats: the figures as JSON")};
  std::string verifyText = fmt::format(
      "Run the object on N random images (default: {}) in this process and "
      "compare with the network in float64, at each level that this CPU has: "
      "beyond {} of the largest output, an error and no files",
      kComparedImages, kTolerance);
  llvm::cl::opt<std::string> verify{
      "verify", llvm::cl::cat(inspection), llvm::cl::ValueOptional,
      llvm::cl::value_desc("N"), llvm::cl::desc(verifyText)};
  llvm::cl::opt<bool> printMemoryPlan{
      "print-memory-plan", llvm::cl::cat(inspection),
      llvm::cl::desc("Print the plan of the arena to stderr")};

  llvm::cl::list<std::string> inputs{llvm::cl::Positional,
                                     llvm::cl::value_desc("INPUT")};
};

/// They exist, and so are registered, from the first call on.
Flags &getFlags();

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_FLAGS_H
