// The compiler's flags checked, and what they say together.
#include "Diagnostics.h"
#include "Flags.h"

#include "compiler/Driver/Also.h"
#include "compiler/Driver/CompileRequest.h"
#include "compiler/Driver/ImageSizes.h"
#include "compiler/Driver/Verify.h"
#include "compiler/Import/Network.h"
#include "compiler/Object/CppHeader.h"
#include "compiler/Object/ModelInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;
using namespace mobileone;

static std::nullopt_t refuse(const llvm::Twine &message) {
  (void)fail(message);
  return std::nullopt;
}

static bool readImageSizes(llvm::ArrayRef<std::string> texts,
                           CompileRequest &request) {
  for (const std::string &text : texts) {
    // Far above any image, and far below an overflow of sizes in bytes.
    constexpr int64_t kLeast = 32, kLargest = 16384;
    std::optional<ImageSize> size = ImageSize::parse(text);
    if (!size || std::min(size->height, size->width) < kLeast ||
        std::max(size->height, size->width) > kLargest) {
      refuse("--image-size expects HxW from 32x32 to 16384x16384, but got " +
             text);
      return false;
    }
    request.imageSizes.push_back(*size);
  }
  if (!texts.empty())
    request.import.imageSize = request.imageSizes.front();
  if (llvm::Error error = checkImageSizes(request)) {
    refuse(toString(std::move(error)));
    return false;
  }
  return true;
}

/// Objects that take bytes apply them; callers with floats read them.
static bool readNormalization(const cl::opt<std::string> &mean,
                              const cl::opt<std::string> &std,
                              ImportOptions &options) {
  std::optional<llvm::StringRef> texts[2];
  for (auto [flag, text] : llvm::zip_equal(std::array{&mean, &std}, texts)) {
    if (flag->getNumOccurrences())
      text = flag->getValue();
  }
  std::string remark;
  llvm::Expected<Normalization> parsed =
      parseNormalization(texts[0], texts[1], /*least=*/1, remark);
  if (!parsed) {
    refuse(llvm::toString(parsed.takeError()));
    return false;
  }
  if (!remark.empty())
    llvm::WithColor::remark(llvm::errs(), "mobileone-opt") << remark << '\n';
  options.normalization = *parsed;
  return true;
}

/// Whether each flag that names a file or a folder names one.
static bool checkNames(const Flags &flags, llvm::StringRef output) {
  auto isEmpty = [](const cl::opt<std::string> &flag) {
    return flag.getNumOccurrences() && flag.getValue().empty();
  };
  llvm::StringRef flag;
  for (const cl::opt<std::string> *name :
       {&flags.variant, &flags.saveTemps, &flags.schedule, &flags.tensors,
        &flags.tune})
    if (isEmpty(*name))
      flag = name->ArgStr;
  if (output.empty())
    flag = "o";
  if (flag.empty())
    return true;
  refuse((flag.size() == 1 ? "-" : "--") + flag +
         " expects a name, but got ''");
  return false;
}

namespace {

/// What an app links, by the names that users give it.
struct LinkableForm {
  EmitKind kind;
  llvm::StringLiteral name, suffix;
};

} // namespace

static constexpr LinkableForm kLinkableForms[] = {
    {EmitKind::Obj, "obj", ".o"},
    {EmitKind::Obj, "obj", ".obj"}, // as Microsoft's tools call it
    {EmitKind::Archive, "archive", ".a"},
    {EmitKind::Archive, "archive", ".lib"},
    {EmitKind::Shared, "shared", ".so"},
    {EmitKind::Shared, "shared", ".wasm"}}; // a module, of WebAssembly

static std::optional<EmitKind> getEmitKind(llvm::StringRef output) {
  llvm::StringRef suffix = output.substr(output.rfind('.'));
  for (const LinkableForm &form : kLinkableForms)
    if (suffix == form.suffix)
      return form.kind;
  return llvm::StringSwitch<std::optional<EmitKind>>(suffix)
      .Case(".ll", EmitKind::LlvmIr)
      .Case(".s", EmitKind::Asm)
      .Default(std::nullopt);
}

/// Stages before vectors know nothing of loops.
static bool isOfKernels(std::optional<EmitKind> kind) {
  return kind >= EmitKind::Vector;
}

/// Timing needs the CPU's instructions and kernels, of which stages before
/// vectors know nothing.
static bool checkTune(llvm::StringRef file, llvm::StringRef output,
                      const CompileRequest &request) {
  const IsaLevel *host = findHostIsaLevel();
  bool hasKernels = request.emit ? isOfKernels(request.emit) : output == "-";
  if (file == "-")
    refuse("--tune expects a file's name, but got '" + file + "'");
  else if (!request.schedule.empty())
    refuse("--tune writes what --schedule reads: expects one of both");
  else if (!hasKernels)
    refuse(
        "--tune expects an output of the vector stage or a later one, or none");
  else if (!request.levels.front()->isOnHost())
    refuse("--tune expects a level that this CPU has, up to " +
           (host ? host->name : "none") +
           ", but got --isa=" + request.levels.front()->name);
  else
    return true;
  return false;
}

/// The counts of --batch; one image where it is not given.
static bool readBatches(llvm::ArrayRef<std::string> counts,
                        std::vector<uint32_t> &batches) {
  if (!counts.empty())
    batches.clear();
  for (llvm::StringRef text : counts) {
    uint32_t count = 0;
    if (text.getAsInteger(10, count) || count == 0 ||
        llvm::is_contained(batches, count)) {
      refuse(
          "--batch expects numbers of images from 1 to 4294967295, each once, "
          "but got '" +
          text + "'");
      return false;
    }
    batches.push_back(count);
  }
  return true;
}

/// The number of --verify; 0 where it is not given.
static bool readVerify(const cl::opt<std::string> &flag, unsigned &images) {
  if (flag.getNumOccurrences())
    images = kComparedImages;
  llvm::StringRef text = flag.getValue();
  constexpr unsigned most = 1000000;
  if (text.empty() ||
      (!text.getAsInteger(10, images) && images >= 1 && images <= most))
    return true;
  refuse("--verify expects a number of images from 1 to " + llvm::Twine(most) +
         ", but got '" + text + "'");
  return false;
}

/// The system of --target, or this one.
static const Target *readTarget(const cl::opt<std::string> &flag) {
  bool isGiven = flag.getNumOccurrences();
  const llvm::Triple wanted(llvm::Triple::normalize(flag.getValue()));
  const Target *target = isGiven ? findTarget(wanted) : findHostTarget();
  if (target && isGiven && !wanted.getOSVersion().empty() &&
      getSystemVersion(wanted) < target->getTriple().getOSVersion()) {
    refuse("--target expects " + target->name + " of version " +
           target->version + " or newer, but got '" + flag.getValue() + "'");
    return nullptr;
  }
  if (target)
    return target;
  auto names = llvm::map_to_vector(
      getTargets(), [](const Target &known) { return known.name; });
  refuse("--target expects " + joinChoices(names) + ", but got " +
         (isGiven ? "'" + flag.getValue() + "'" : "none on another system"));
  return nullptr;
}

/// "LAYERS" or "LAYERS,PERCENT" of --int8-budget.
static bool readBudget(llvm::StringRef text, QuantizeOptions &options) {
  auto [layers, percent] = text.split(',');
  uint32_t count;
  std::optional<double> share =
      percent.empty() ? 100 * options.budgetShare : parseFloat(percent);
  if (layers.getAsInteger(10, count) || text.ends_with(",") || !share ||
      !(*share >= 0 && *share <= 100)) {
    refuse(
        "--int8-budget expects a number of layers, as 5, or with a percentage "
        "of the multiply-adds, as 5,15, but got '" +
        text + "'");
    return false;
  }
  options.budgetLayers = count;
  options.budgetShare = *share / 100;
  return true;
}

/// What --precision says, with what only int8 wants.
static bool readPrecision(const Flags &flags, CompileOptions &options) {
  options.request.precision = flags.precision;
  options.calibrate = flags.calibrate;
  bool isQuantized = options.request.isQuantized();
  const llvm::cl::Option *given =
      flags.calibrate.getNumOccurrences()    ? &flags.calibrate
      : flags.int8Budget.getNumOccurrences() ? &flags.int8Budget
                                             : nullptr;
  if (given && !isQuantized) {
    refuse("--" + given->ArgStr + " expects --precision=int8");
    return false;
  }
  if (isQuantized && options.calibrate.empty()) {
    refuse("--precision=int8 expects --calibrate=FOLDER or FILE.npy: about 100 "
           "images such as the network will see, without labels");
    return false;
  }
  return !flags.int8Budget.getNumOccurrences() ||
         readBudget(flags.int8Budget, options.request.quantization);
}

/// The highest level that this CPU has and the network gains by, or null.
static const IsaLevel *findNative(const Target &target, bool ofBytes) {
  const IsaLevel *native = nullptr;
  for (const IsaLevel *level : target.getDefaultLevels(ofBytes))
    if (level->isOnHost())
      native = level;
  return native;
}

/// The target's levels that --isa names, lowest first, each once; its default
/// ones where it is not given.
static bool readLevels(llvm::ArrayRef<std::string> names, bool ofBytes,
                       const Target &target,
                       llvm::SmallVectorImpl<const IsaLevel *> &levels) {
  llvm::SmallVector<const IsaLevel *> all = target.getLevels();
  llvm::SmallPtrSet<const IsaLevel *, 4> named;
  for (const std::string &name : names) {
    const IsaLevel *level =
        name == "native" ? findNative(target, ofBytes) : findIsaLevel(name);
    if (llvm::is_contained(all, level)) {
      named.insert(level);
      continue;
    }
    if (name == "native") {
      refuse("--isa=native expects this CPU to have a level of " + target.name +
             ", at least " + all.front()->name);
      return false;
    }
    llvm::SmallVector<llvm::StringRef> choices;
    if (findNative(target, ofBytes))
      choices.push_back("native");
    for (const IsaLevel *known : all)
      choices.push_back(known->name);
    refuse("--isa expects " + joinChoices(choices) + " for " + target.name +
           ", but got " + name);
    return false;
  }
  if (names.empty())
    llvm::append_range(levels, target.getDefaultLevels(ofBytes));
  for (const IsaLevel *level : all)
    if (named.contains(level))
      levels.push_back(level);
  return true;
}

llvm::Error CompileOptions::checkStage(EmitKind last) const {
  auto *foreign = llvm::find_if(
      stageFlags, [&](const auto &entry) { return entry.second > last; });
  if (foreign == stageFlags.end())
    return llvm::Error::success();
  auto [flag, first] = *foreign;
  llvm::StringRef stage = first == EmitKind::Train       ? "train-time"
                          : first == EmitKind::Quantized ? "quantized"
                          : first == EmitKind::Planned   ? "planned"
                          : first == EmitKind::Linalg    ? "linalg"
                          : first == EmitKind::Vector    ? "vector"
                          : first == EmitKind::LlvmIr    ? "LLVM IR"
                                                         : "object";
  return llvm::createStringError("--" + flag + " expects an output of the " +
                                 stage + " stage or a later one");
}

std::optional<CompileOptions>
mobileone::readCompileOptions(llvm::StringRef output) {
  Flags &flags = getFlags();
  CompileOptions options;
  CompileRequest &request = options.request;
  if (!checkNames(flags, output))
    return std::nullopt;
  request.emit = flags.emit.getNumOccurrences() ? flags.emit.getValue()
                                                : getEmitKind(output);
  llvm::StringRef suffix = llvm::sys::path::extension(output);
  if (isLinkable(request.emit) && (output == "-" || suffix == ".h" ||
                                   suffix == ".json" || suffix == ".weights")) {
    for (const LinkableForm &form : kLinkableForms)
      if (form.kind == request.emit)
        return refuse("--emit=" + form.name + " expects -o NAME" + form.suffix +
                      ": it writes NAME" + form.suffix +
                      ", NAME.h and NAME.json, but got -o " + output);
  }
  request.file = llvm::sys::path::filename(output);
  request.also.assign(flags.also.begin(), flags.also.end());
  if (llvm::Error error = checkAlso(request))
    return refuse(toString(std::move(error)));
  auto isAlso = [&](Artifact::Kind kind) {
    return llvm::is_contained(request.also, kind);
  };
  if (isAlso(Artifact::CppHeader) && suffix == ".hpp")
    return refuse("--also=hpp expects -o NAME.o: it writes NAME.hpp beside "
                  "it, but got -o " +
                  output);
  if (suffix == ".pc" &&
      (isAlso(Artifact::PkgConfig) || isAlso(Artifact::CMakeConfig)))
    return refuse(llvm::Twine("--also=") +
                  (isAlso(Artifact::PkgConfig) ? "pc" : "cmake") +
                  " expects -o NAME.o, NAME.a or NAME.so, but got -o " +
                  output);
  auto note = [&](const auto &...flags) {
    ((flags.getNumOccurrences()
          ? options.checkpointFlags.push_back(flags.ArgStr)
          : void()),
     ...);
  };
  auto noteStage = [&](EmitKind first, const auto &...flags) {
    ((flags.getNumOccurrences()
          ? options.stageFlags.push_back({flags.ArgStr, first})
          : void()),
     ...);
  };
  note(flags.variant, flags.input, flags.channels, flags.mean, flags.std,
       flags.output, flags.featureLayout, flags.key, flags.stripPrefix,
       flags.heads, flags.bnEpsilon, flags.allowNonFinite);
  noteStage(EmitKind::Stats, flags.imageSize);
  noteStage(EmitKind::Train, flags.saveTemps, flags.tensors);
  noteStage(EmitKind::Quantized, flags.precision, flags.calibrate,
            flags.int8Budget);
  noteStage(EmitKind::Planned, flags.instrument);
  bool isTuned = flags.tune.getNumOccurrences();
  noteStage(isTuned ? EmitKind::Linalg : EmitKind::Vector, flags.target,
            flags.isa, flags.schedule, flags.algorithm);
  noteStage(EmitKind::Vector, flags.printSchedule, flags.printMemoryPlan);
  noteStage(EmitKind::LlvmIr, flags.prefix, flags.batch, flags.weights);
  noteStage(EmitKind::Obj, flags.verify);
  // Tuning alone ends before the vectors. Statistics are of no stage.
  if (request.emit || isTuned)
    if (llvm::Error error =
            options.checkStage(request.emit.value_or(EmitKind::Linalg)))
      return refuse(toString(std::move(error)));

  ImportOptions &import = request.import;
  import.variant = flags.variant;
  if (import.variant != "auto" && !isNetworkName(import.variant))
    return refuse(
        "--variant expects auto, s0 to s4 or a .json file, but got '" +
        import.variant + "'");
  import.input = flags.input;
  import.allowNonFinite = flags.allowNonFinite;
  if (flags.key.getNumOccurrences())
    import.key = flags.key;
  if (flags.stripPrefix.getNumOccurrences())
    import.stripPrefix = flags.stripPrefix;
  if (flags.heads.getNumOccurrences()) {
    llvm::Expected<std::vector<HeadRequest>> heads = parseHeads(flags.heads);
    if (!heads)
      return refuse("--heads " + toString(heads.takeError()));
    import.heads = std::move(*heads);
  }
  if (flags.bnEpsilon.getNumOccurrences()) {
    import.bnEpsilon = parseFloat(flags.bnEpsilon);
    if (!import.bnEpsilon || !(*import.bnEpsilon > 0))
      return refuse("--bn-epsilon expects a finite number above 0, but got '" +
                    flags.bnEpsilon + "'");
  }
  request.tune = flags.tune.getNumOccurrences();
  if (!readImageSizes(std::vector<std::string>(flags.imageSize), request))
    return std::nullopt;
  import.order = flags.channels;
  if (import.order != ChannelOrder::rgb && import.input != InputLayout::U8NHWC)
    return refuse("--channels expects --input=u8-nhwc: floats are red, green "
                  "and blue");
  if (!readNormalization(flags.mean, flags.std, import))
    return std::nullopt;
  llvm::Expected<std::vector<OutputRequest>> outputs =
      parseOutputs(std::vector<std::string>(flags.output));
  if (!outputs)
    return refuse(toString(outputs.takeError()));
  import.outputs = std::move(*outputs);
  import.featureLayout = flags.featureLayout;
  request.tensors = flags.tensors;

  request.weights = flags.weights;
  request.prefix = flags.prefix;
  if (flags.prefix.getNumOccurrences()) {
    llvm::Error error = checkPrefix(flags.prefix);
    if (!error && isAlso(Artifact::CppHeader))
      error = checkNamespace(flags.prefix);
    if (error)
      return refuse("--prefix " + toString(std::move(error)));
  }
  if (!readBatches(std::vector<std::string>(flags.batch), request.batches))
    return std::nullopt;
  if (!readPrecision(flags, options))
    return std::nullopt;
  // A file of schedules is for one level: this CPU's, unless another is named.
  bool isScheduled =
      flags.schedule.getNumOccurrences() || flags.tune.getNumOccurrences();
  std::vector<std::string> levels(flags.isa.begin(), flags.isa.end());
  // Stages before vectors are of no machine.
  if (isOfKernels(request.emit) || isScheduled ||
      flags.target.getNumOccurrences() || !levels.empty()) {
    request.target = readTarget(flags.target);
    if (!request.target)
      return std::nullopt;
    if (llvm::Error error = checkForm(request))
      return refuse(toString(std::move(error)));
    if (isScheduled && levels.empty() && request.target == findHostTarget())
      levels.push_back("native");
    if (!readLevels(levels, request.isQuantized(), *request.target,
                    request.levels))
      return std::nullopt;
    if (llvm::Error error = checkLevels(request))
      return refuse(toString(std::move(error)));
  }
  if (isScheduled && request.levels.size() != 1)
    return refuse("--schedule and --tune expect one level of --isa, but got " +
                  (levels.empty() ? "all" : llvm::join(levels, ",")));
  if ((request.emit == EmitKind::Vector || request.emit == EmitKind::Llvm) &&
      levels.size() > 1)
    return refuse(
        "--emit=vector and --emit=llvm expect one level of --isa, but "
        "got " +
        llvm::join(levels, ","));
  request.instrument = flags.instrument;
  request.algorithm = flags.algorithm;
  options.saveTemps = flags.saveTemps;
  request.saveTemps = !options.saveTemps.empty();
  request.schedule = flags.schedule;
  options.tune = flags.tune;
  options.overwrite = flags.overwrite;
  request.printSchedule = flags.printSchedule;
  request.printMemoryPlan = flags.printMemoryPlan;
  request.isJson = flags.json;
  if (request.isJson && request.emit != EmitKind::Stats)
    return refuse("--json expects --emit=stats: nothing else prints figures");
  if (flags.tune.getNumOccurrences() && !checkTune(flags.tune, output, request))
    return std::nullopt;
  if (!readVerify(flags.verify, request.verifiedImages))
    return std::nullopt;
  if (request.verifiedImages && options.isCompile())
    if (llvm::Error error = checkVerification(request))
      return refuse(toString(std::move(error)));
  return options;
}
