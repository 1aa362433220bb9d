// Compiles a network into this process and compares it with the interpreter.
#include "CompareWithInterpreter.h"
#include "RandomChoices.h"

#include "compiler/Driver/Compile.h"
#include "compiler/Execution/LinkedObject.h"
#include "compiler/Pipelines/Dialects.h"
#include "dialect/Interpreter/Interpreter.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <random>

using namespace mlir;
using namespace mobileone;

namespace {

/// An image, as the network and as the interpreter take it.
struct Image {
  Tensor64 reference;
  std::vector<char> bytes;
};

/// An object in this process.
struct Linked {
  LinkedObject object;
  std::vector<size_t> outputLengths;
};

} // namespace

static Image makeImage(RankedTensorType type, uint32_t seed) {
  std::mt19937 random(seed);
  Image image;
  image.reference.shape = llvm::to_vector(type.getShape());
  bool isFloat = type.getElementType().isF32();
  for (int64_t i = 0; i != type.getNumElements(); ++i) {
    if (isFloat) {
      auto value =
          static_cast<float>(static_cast<double>(random()) / 2147483648.0 - 1);
      image.reference.values.push_back(value);
      const char *raw = reinterpret_cast<const char *>(&value);
      image.bytes.insert(image.bytes.end(), raw, raw + sizeof(value));
    } else {
      auto value = static_cast<uint8_t>(random() >> 24);
      image.reference.values.push_back(value);
      image.bytes.push_back(static_cast<char>(value));
    }
  }
  return image;
}

/// A caller's parallel_for, on one thread.
static int runInTurn(void *, uint32_t count, mobileone_task task,
                     void *context) {
  for (uint32_t i = 0; i != count; ++i)
    task(context, i, 0);
  return 0;
}

/// Calls P_run_ex, whose outputs stand one after the other in `output`; the
/// error code if it fails.
static int call(Linked &linked, ArrayRef<char> image, uint32_t workers,
                std::vector<float> &output) {
  int (*runEx)(const mobileone_call *) = nullptr;
  size_t (*getArenaBytes)(uint32_t, uint32_t) = nullptr;
  llvm::cantFail(linked.object.find("net_run_ex", runEx));
  llvm::cantFail(linked.object.find("net_arena_bytes", getArenaBytes));
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  size_t arenaBytes = getArenaBytes(1, workers);
  auto *arena = static_cast<float *>(
      std::aligned_alloc(64, llvm::alignTo(arenaBytes, 64)));
  std::fill_n(arena, arenaBytes / sizeof(float), nan);
  output.assign(std::accumulate(linked.outputLengths.begin(),
                                linked.outputLengths.end(), size_t(0)),
                nan);
  std::vector<float *> outputs;
  std::vector<size_t> outputBytes;
  float *next = output.data();
  for (size_t length : linked.outputLengths) {
    outputs.push_back(next);
    outputBytes.push_back(length * sizeof(float));
    next += length;
  }
  mobileone_call parameters = {};
  parameters.struct_size = sizeof(parameters);
  parameters.batch = 1;
  parameters.input = image.data();
  parameters.input_bytes = image.size();
  parameters.outputs = outputs.data();
  parameters.output_bytes = outputBytes.data();
  parameters.output_count = static_cast<uint32_t>(outputs.size());
  parameters.workers = workers;
  parameters.parallel_for = workers > 1 ? runInTurn : nullptr;
  parameters.arena = arena;
  parameters.arena_bytes = arenaBytes;
  int error = runEx(&parameters);
  std::free(arena);
  return error;
}

static std::string compare(ArrayRef<double> expected, ArrayRef<float> got) {
  double largest = 1;
  for (double value : expected)
    largest = std::max(largest, std::abs(value));
  for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(expected, got)))
    if (auto [want, have] = pair;
        !(std::abs(want - have) <= kTrialTolerance * largest))
      return fmt::format("output {} is {}, but the interpreter says {}", i,
                         have, want);
  return "";
}

std::string mobileone::compileTrial(const Trial &trial, const Target &target,
                                    StringRef prefix, Compiled &result) {
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      message += diagnostic.str() + "\n";
  });
  auto module = parseSourceString<ModuleOp>(trial.text, &context);
  if (!module)
    return "not parsed: " + message;
  auto network = module->lookupSymbol<func::FuncOp>("net");
  Image image = makeImage(cast<RankedTensorType>(network.getArgumentTypes()[0]),
                          trial.seed);
  FailureOr<std::vector<Tensor64>> expected =
      interpret(network, image.reference);
  if (failed(expected))
    return "not interpreted: " + message;
  CompileRequest request;
  request.target = &target;
  request.levels = {trial.level};
  request.instrument = trial.instrument;
  request.prefix = prefix.str();
  RandomChoices choices(*trial.level, trial.seed,
                        trial.instrument != Instrument::Tensors);
  CompileHooks none;
  FailureOr<std::vector<Artifact>> artifacts =
      compile(*module, request, trial.choosesAtRandom ? choices : none);
  if (failed(artifacts))
    return "not compiled: " + message;
  result = {std::move(artifacts->front().content),
            std::move(image.bytes),
            {},
            choices.getKernelCount()};
  for (const Tensor64 &output : *expected)
    llvm::append_range(result.expected, output.values);
  return "";
}

std::string mobileone::runCompiled(const Compiled &compiled) {
  auto object = LinkedObject::link(
      llvm::MemoryBuffer::getMemBufferCopy(compiled.object, "net"));
  if (!object)
    return "not linked: " + llvm::toString(object.takeError());
  Linked linked{std::move(*object), {}};
  const mobileone_model_info *(*getInfo)() = nullptr;
  llvm::cantFail(linked.object.find("net_info", getInfo));
  const mobileone_model_info *info = getInfo();
  for (uint32_t i = 0; i != info->output_count; ++i)
    linked.outputLengths.push_back(mobileone_outputs(info)[i].length);
  std::vector<float> alone, together;
  for (auto [workers, output] : {std::pair(1u, &alone), {3u, &together}})
    if (int error = call(linked, compiled.image, workers, *output))
      return fmt::format("run_ex() on {} workers returned {}", workers, error);
  if (memcmp(alone.data(), together.data(), alone.size() * sizeof(float)) != 0)
    return "one and three workers give different bits";
  return compare(compiled.expected, alone);
}
