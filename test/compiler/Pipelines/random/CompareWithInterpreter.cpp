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

using Outputs = std::vector<std::vector<float>>;

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

/// Calls P_run_ex; the error code if it fails.
static int call(Linked &linked, ArrayRef<char> image, uint32_t workers,
                Outputs &outputs) {
  int (*runEx)(const mobileone_call *) = nullptr;
  size_t (*getArenaBytes)(uint32_t, uint32_t) = nullptr;
  llvm::cantFail(linked.object.find("net_run_ex", runEx));
  llvm::cantFail(linked.object.find("net_arena_bytes", getArenaBytes));
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  size_t arenaBytes = getArenaBytes(1, workers);
  auto *arena = static_cast<float *>(
      std::aligned_alloc(64, llvm::alignTo(arenaBytes, 64)));
  std::fill_n(arena, arenaBytes / sizeof(float), nan);
  std::vector<float *> pointers;
  std::vector<size_t> outputBytes;
  for (size_t length : linked.outputLengths) {
    outputs.emplace_back(length, nan);
    pointers.push_back(outputs.back().data());
    outputBytes.push_back(length * sizeof(float));
  }
  mobileone_call parameters = {};
  parameters.struct_size = sizeof(parameters);
  parameters.batch = 1;
  parameters.input = image.data();
  parameters.input_bytes = image.size();
  parameters.outputs = pointers.data();
  parameters.output_bytes = outputBytes.data();
  parameters.output_count = static_cast<uint32_t>(pointers.size());
  parameters.workers = workers;
  parameters.parallel_for = workers > 1 ? runInTurn : nullptr;
  parameters.arena = arena;
  parameters.arena_bytes = arenaBytes;
  int error = runEx(&parameters);
  std::free(arena);
  return error;
}

static std::string compare(size_t output, ArrayRef<double> expected,
                           ArrayRef<float> got) {
  double largest = 1;
  for (double value : expected)
    largest = std::max(largest, std::abs(value));
  for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(expected, got)))
    if (auto [want, have] = pair;
        !(std::abs(want - have) <= kTrialTolerance * largest))
      return fmt::format(
          "number {} of output {} is {}, but the interpreter says {}", i,
          output, have, want);
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
  for (Tensor64 &output : *expected)
    result.expected.push_back(std::move(output.values));
  if (trial.isTakenForWrong)
    result.expected.back().back() += 1;
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
  for (const mobileone_output_info &output :
       ArrayRef(mobileone_outputs(getInfo()), getInfo()->output_count))
    linked.outputLengths.push_back(output.length);
  Outputs alone, together;
  for (auto [workers, output] : {std::pair(1u, &alone), {3u, &together}})
    if (int error = call(linked, compiled.image, workers, *output))
      return fmt::format("run_ex() on {} workers returned {}", workers, error);
  for (size_t i = 0; i != alone.size(); ++i) {
    if (memcmp(alone[i].data(), together[i].data(),
               alone[i].size() * sizeof(float)) != 0)
      return "one and three workers give different bits";
    if (std::string message = compare(i, compiled.expected[i], alone[i]);
        !message.empty())
      return message;
  }
  return "";
}
