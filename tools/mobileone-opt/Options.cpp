// Flags of the compiler and their checks.
#include "Options.h"

#include "compiler/Target/ModelInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/ManagedStatic.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;
using namespace mobileone;

namespace {

/// Owned by a function, not global: they exist once registered.
struct Flags {
  cl::OptionCategory category{"MobileOne options"};
  cl::opt<EmitKind> emit{
      "emit", cl::cat(category), cl::desc("What to write"),
      cl::init(EmitKind::Auto),
      cl::values(
          clEnumValN(EmitKind::Train, "train", "train-time IR"),
          clEnumValN(EmitKind::Reparameterized, "reparameterized",
                     "single-branch IR"),
          clEnumValN(EmitKind::Linalg, "linalg", "linalg kernels on tensors"),
          clEnumValN(EmitKind::Vector, "vector", "vector loops on one arena"),
          clEnumValN(EmitKind::Llvm, "llvm", "LLVM dialect"),
          clEnumValN(EmitKind::LlvmIr, "llvm-ir", "LLVM IR, without weights"),
          clEnumValN(EmitKind::Asm, "asm", "assembly, without weights"),
          clEnumValN(EmitKind::Obj, "obj", "object, C header and JSON"),
          clEnumValN(EmitKind::Stats, "stats",
                     "parameters and multiply-adds per layer"))};
  cl::opt<std::string> variant{
      "variant", cl::cat(category), cl::value_desc("name"), cl::init("auto"),
      cl::desc("auto, s0 to s4, or FILE.json of a custom network")};
  cl::opt<InputLayout> input{
      "input", cl::cat(category), cl::desc("The image that the object takes"),
      cl::init(InputLayout::F32NCHW),
      cl::values(clEnumValN(InputLayout::F32NCHW, "f32-nchw",
                            "float [3][H][W], normalized by the caller"),
                 clEnumValN(InputLayout::F32NHWC, "f32-nhwc",
                            "float [H][W][3], normalized by the caller"),
                 clEnumValN(InputLayout::U8NHWC, "u8-nhwc",
                            "bytes [H][W][3], normalized by the object"))};
  cl::opt<ChannelOrder> channels{
      "channels", cl::cat(category), cl::init(ChannelOrder::rgb),
      cl::desc("What a pixel of u8-nhwc holds, in order"),
      cl::values(clEnumValN(ChannelOrder::rgb, "rgb", "red, green, blue"),
                 clEnumValN(ChannelOrder::bgr, "bgr", "as OpenCV has it"),
                 clEnumValN(ChannelOrder::rgba, "rgba",
                            "and alpha, which is not read"),
                 clEnumValN(ChannelOrder::bgra, "bgra",
                            "and alpha, which is not read"))};
  cl::list<double> mean{
      "mean", cl::cat(category), cl::CommaSeparated, cl::value_desc("r,g,b"),
      cl::desc("Mean of values in 0..1 (default: ImageNet's). u8-nhwc applies "
               "it; for floats it is what the header recommends")};
  cl::list<double> std{
      "std", cl::cat(category), cl::CommaSeparated, cl::value_desc("r,g,b"),
      cl::desc("Standard deviation, likewise (default: ImageNet's)")};
  cl::opt<std::string> imageSize{"image-size", cl::cat(category),
                                 cl::value_desc("HxW"), cl::init("224x224"),
                                 cl::desc("Size of the image, from 32x32")};
  cl::list<std::string> batch{
      "batch", cl::cat(category), cl::CommaSeparated, cl::value_desc("counts"),
      cl::desc("Images of one P_run() (default: 1), then further counts: the "
               "header has sizes of buffers for each. P_run_ex() takes any "
               "number; all share the weights")};
  cl::opt<std::string> output{
      "output", cl::cat(category), cl::value_desc("kind"),
      cl::desc("What the object returns: logits, softmax, or features, the "
               "last feature map (default: logits, or features where there is "
               "no classifier)")};
  cl::opt<std::string> prefix{
      "prefix", cl::cat(category), cl::value_desc("name"),
      cl::desc("Begins every symbol (default: mobileone_<variant>)")};
  cl::list<std::string> isa{
      "isa", cl::cat(category), cl::CommaSeparated, cl::value_desc("levels"),
      cl::desc("native, or any of x86-64-v2, x86-64-v3, x86-64-v4 (default: "
               "all, and the object picks one at its first call)")};
  cl::opt<Instrument> instrument{
      "instrument", cl::cat(category), cl::init(Instrument::None),
      cl::desc("What the object tells of its layers while it runs"),
      cl::values(clEnumValN(Instrument::None, "none", "nothing"),
                 clEnumValN(Instrument::Layers, "layers",
                            "beginning and end of each layer"),
                 clEnumValN(Instrument::Tensors, "tensors",
                            "and each layer's result: no layers are fused"))};
  cl::opt<std::string> saveTemps{"save-temps", cl::cat(category),
                                 cl::value_desc("folder"),
                                 cl::desc("Write each stage there, too")};
  cl::opt<std::string> schedule{
      "schedule", cl::cat(category), cl::value_desc("file"),
      cl::desc("Tiles and loop orders that go before the chosen ones")};
  cl::opt<std::string> tune{
      "tune", cl::cat(category), cl::value_desc("file"),
      cl::desc("Time schedules on this CPU and write the fastest there, for "
               "--schedule; without -o, only that")};
  cl::opt<bool> overwrite{
      "overwrite", cl::cat(category),
      cl::desc("Replace files beside the object, or in the folder of "
               "--save-temps, that mobileone-opt did not write")};
  cl::opt<bool> printSchedule{
      "print-schedule", cl::cat(category),
      cl::desc("Print tiles and loop orders to stderr")};
  cl::opt<bool> printMemoryPlan{
      "print-memory-plan", cl::cat(category),
      cl::desc("Print the plan of the arena to stderr")};
  cl::opt<std::string> key{
      "key", cl::cat(category), cl::value_desc("path"),
      cl::desc("Keys that lead to the weights in a checkpoint of several "
               "dictionaries, as model/ema (default: searched)")};
  cl::opt<std::string> stripPrefix{
      "strip-prefix", cl::cat(category), cl::value_desc("prefix"),
      cl::desc("What stands before the names of the network's tensors, as "
               "student. (default: searched)")};
  cl::opt<double> bnEpsilon{
      "bn-epsilon", cl::cat(category), cl::value_desc("number"),
      cl::desc("Epsilon of the batch norms, which no checkpoint stores "
               "(default: 1e-5; 1e-3 is common in detection)")};
  cl::opt<bool> allowNonFinite{"allow-non-finite", cl::cat(category),
                               cl::desc("Accept NaN and infinite weights")};
};

} // namespace

static Flags &getFlags() {
  static Flags flags;
  return flags;
}

void mobileone::registerCompileOptions() { getFlags(); }

static std::nullopt_t fail(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "mobileone-opt") << message << '\n';
  return std::nullopt;
}

/// "HxW", both from 32 up.
static bool parseImageSize(llvm::StringRef text, ImportOptions &options) {
  auto [height, width] = text.split('x');
  // Far above any image, and far below an overflow of sizes in bytes.
  constexpr int64_t kLargest = 16384;
  return !height.getAsInteger(10, options.imageHeight) &&
         !width.getAsInteger(10, options.imageWidth) &&
         options.imageHeight >= 32 && options.imageWidth >= 32 &&
         options.imageHeight <= kLargest && options.imageWidth <= kLargest;
}

/// Three numbers.
static bool readNormalization(cl::list<double> &flag,
                              std::array<double, 3> &values) {
  if (!flag.getNumOccurrences())
    return true;
  if (flag.size() != values.size())
    fail("--" + flag.ArgStr + " expects 3 numbers, but got " +
         llvm::Twine(flag.size()));
  else
    return llvm::copy(flag, values.begin()) == values.end();
  return false;
}

/// Whether each flag that names a file or a folder names one.
static bool checkNames(const Flags &flags, llvm::StringRef output) {
  auto isEmpty = [](const cl::opt<std::string> &flag) {
    return flag.getNumOccurrences() && flag.getValue().empty();
  };
  llvm::StringRef flag;
  for (const cl::opt<std::string> *name :
       {&flags.variant, &flags.saveTemps, &flags.schedule, &flags.tune})
    if (isEmpty(*name))
      flag = name->ArgStr;
  if (output.empty())
    flag = "o";
  if (flag.empty())
    return true;
  fail((flag.size() == 1 ? "-" : "--") + flag + " expects a name, but got ''");
  return false;
}

static EmitKind getEmitKind(llvm::StringRef output) {
  return llvm::StringSwitch<EmitKind>(output.substr(output.rfind('.')))
      .Case(".ll", EmitKind::LlvmIr)
      .Case(".s", EmitKind::Asm)
      .Case(".o", EmitKind::Obj)
      .Default(EmitKind::Auto);
}

/// Stages before vectors know nothing of loops.
static bool isOfKernels(EmitKind kind) {
  return kind >= EmitKind::Vector && kind <= EmitKind::Obj;
}

/// Timing needs the CPU's instructions and kernels, of which stages before
/// vectors know nothing.
static bool checkTune(llvm::StringRef file, llvm::StringRef output,
                      const CompileOptions &options) {
  const IsaLevel *host = findHostIsaLevel();
  bool hasKernels = options.emit == EmitKind::Auto ? output == "-"
                                                   : isOfKernels(options.emit);
  if (file == "-")
    fail("--tune expects a file's name, but got '" + file + "'");
  else if (!options.schedule.empty())
    fail("--tune writes what --schedule reads: expects one of both");
  else if (!hasKernels)
    fail(
        "--tune expects an output of the vector stage or a later one, or none");
  else if (!host || options.levels.front()->number > host->number)
    fail("--tune expects a level that this CPU has, up to " +
         (host ? host->name : "none") +
         ", but got --isa=" + options.levels.front()->name);
  else
    return true;
  return false;
}

/// The counts of --batch; one image where it is not given.
static bool readBatches(llvm::ArrayRef<std::string> counts,
                        std::vector<uint32_t> &batches) {
  for (llvm::StringRef text : counts) {
    uint32_t count = 0;
    if (text.getAsInteger(10, count) || count == 0 ||
        llvm::is_contained(batches, count)) {
      fail("--batch expects numbers of images from 1 to 4294967295, each once, "
           "but got '" +
           text + "'");
      return false;
    }
    batches.push_back(count);
  }
  if (batches.empty())
    batches.push_back(1);
  return true;
}

/// The levels of --isa, lowest first, each once; all of them where it is not
/// given.
static bool readLevels(llvm::ArrayRef<std::string> names,
                       llvm::SmallVectorImpl<const IsaLevel *> &levels) {
  llvm::SmallPtrSet<const IsaLevel *, 4> named;
  for (const std::string &name : names) {
    const IsaLevel *level =
        name == "native" ? findHostIsaLevel() : findIsaLevel(name);
    if (!level) {
      if (name == "native")
        fail("--isa=native expects at least x86-64-v2 of this CPU");
      else
        fail("--isa expects native, x86-64-v2, x86-64-v3 or x86-64-v4, but "
             "got " +
             name);
      return false;
    }
    named.insert(level);
  }
  for (const IsaLevel &level : getIsaLevels())
    if (names.empty() || named.contains(&level))
      levels.push_back(&level);
  return true;
}

std::optional<CompileOptions>
mobileone::readCompileOptions(llvm::StringRef output) {
  Flags &flags = getFlags();
  CompileOptions options;
  if (!checkNames(flags, output))
    return std::nullopt;
  options.emit = flags.emit.getNumOccurrences() ? flags.emit.getValue()
                                                : getEmitKind(output);
  auto note = [](llvm::SmallVectorImpl<llvm::StringRef> &given,
                 const auto &...flags) {
    ((flags.getNumOccurrences() ? given.push_back(flags.ArgStr) : void()), ...);
  };
  note(options.checkpointFlags, flags.variant, flags.input, flags.channels,
       flags.mean, flags.std, flags.imageSize, flags.output, flags.key,
       flags.stripPrefix, flags.bnEpsilon, flags.allowNonFinite);
  note(options.compileFlags, flags.prefix, flags.batch, flags.isa,
       flags.instrument, flags.saveTemps, flags.schedule, flags.printSchedule,
       flags.printMemoryPlan);
  note(options.kernelFlags, flags.schedule, flags.printSchedule,
       flags.printMemoryPlan);
  if (!options.kernelFlags.empty() && options.emit != EmitKind::Auto &&
      !isOfKernels(options.emit))
    return fail("--" + options.kernelFlags.front() +
                " expects an output of the vector stage or a later one");

  ImportOptions &import = options.import;
  import.variant = flags.variant;
  import.input = flags.input;
  import.allowNonFinite = flags.allowNonFinite;
  if (flags.key.getNumOccurrences())
    import.key = flags.key;
  if (flags.stripPrefix.getNumOccurrences())
    import.stripPrefix = flags.stripPrefix;
  if (flags.bnEpsilon.getNumOccurrences()) {
    import.bnEpsilon = flags.bnEpsilon;
    if (!(*import.bnEpsilon > 0 && std::isfinite(*import.bnEpsilon)))
      return fail(llvm::formatv("--bn-epsilon expects a finite number above 0, "
                                "but got {0}",
                                *import.bnEpsilon)
                      .str());
  }
  if (!parseImageSize(flags.imageSize, import))
    return fail("--image-size expects HxW from 32x32 to 16384x16384, but got " +
                flags.imageSize);
  import.order = flags.channels;
  if (import.order != ChannelOrder::rgb && import.input != InputLayout::U8NHWC)
    return fail("--channels expects --input=u8-nhwc: floats are red, green and "
                "blue");
  if (!readNormalization(flags.mean, import.mean) ||
      !readNormalization(flags.std, import.std))
    return std::nullopt;
  if (llvm::any_of(import.mean, [](double m) { return !std::isfinite(m); }))
    return fail("--mean expects finite numbers");
  if (llvm::any_of(import.std,
                   [](double s) { return !(s > 0 && std::isfinite(s)); }))
    return fail("--std expects numbers above 0");
  if (flags.output.getNumOccurrences()) {
    auto kind = llvm::StringSwitch<std::optional<OutputKind>>(flags.output)
                    .Case("logits", OutputKind::Logits)
                    .Case("softmax", OutputKind::Softmax)
                    .Case("features", OutputKind::Features)
                    .Default(std::nullopt);
    if (!kind)
      return fail("--output expects logits, softmax or features, but got '" +
                  flags.output + "'");
    import.output = *kind;
  }

  options.prefix = flags.prefix;
  if (flags.prefix.getNumOccurrences() && !isIdentifier(flags.prefix))
    return fail("--prefix expects a C identifier, but got '" + flags.prefix +
                "'");
  if (!readBatches(std::vector<std::string>(flags.batch), options.batches))
    return std::nullopt;
  // A file of schedules is for one level: the host's, unless another is named.
  bool isScheduled =
      flags.schedule.getNumOccurrences() || flags.tune.getNumOccurrences();
  std::vector<std::string> levels(flags.isa.begin(), flags.isa.end());
  if (isScheduled && levels.empty())
    levels.push_back("native");
  if (!readLevels(levels, options.levels))
    return std::nullopt;
  if (isScheduled && options.levels.size() != 1)
    return fail("--schedule and --tune expect one level of --isa, but got " +
                llvm::join(levels, ","));
  options.instrument = flags.instrument;
  options.saveTemps = flags.saveTemps;
  options.schedule = flags.schedule;
  options.tune = flags.tune;
  options.overwrite = flags.overwrite;
  options.printSchedule = flags.printSchedule;
  options.printMemoryPlan = flags.printMemoryPlan;
  if (flags.tune.getNumOccurrences() && !checkTune(flags.tune, output, options))
    return std::nullopt;
  return options;
}
