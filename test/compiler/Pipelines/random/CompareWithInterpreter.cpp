// Compiles a network into this process and compares it with the interpreter.
#include "CompareWithInterpreter.h"

#include "compiler/Driver/Compile.h"
#include "compiler/Execution/LinkedObject.h"
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

/// Relative to the largest output and 1: a few hundred roundings of a float.
static constexpr double kTolerance = 2e-5;

namespace {

/// An object in this process.
struct Linked {
  uint32_t outputLength = 0;
  std::optional<LinkedObject> object;
};

/// An image, as the network and as the interpreter take it.
struct Image {
  Tensor64 reference;
  std::vector<char> bytes;
};

} // namespace

static LogicalResult compileAndLink(ModuleOp module, const IsaLevel &level,
                                    Instrument instrument, Linked &linked) {
  CompileRequest request;
  request.target = findHostTarget();
  request.levels = {&level};
  request.instrument = instrument;
  CompileHooks hooks;
  FailureOr<std::vector<Artifact>> artifacts = compile(module, request, hooks);
  if (failed(artifacts))
    return failure();
  auto object = LinkedObject::link(
      llvm::MemoryBuffer::getMemBufferCopy(artifacts->front().content, "net"));
  if (!object)
    return emitError(module.getLoc(), llvm::toString(object.takeError()));
  linked.object.emplace(std::move(*object));
  const mobileone_model_info *(*getInfo)() = nullptr;
  llvm::cantFail(linked.object->find("net_info", getInfo));
  linked.outputLength = getInfo()->output_length;
  return success();
}

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
static int call(Linked &linked, const Image &image, uint32_t workers,
                std::vector<float> &output) {
  int (*runEx)(const mobileone_call *) = nullptr;
  size_t (*getArenaBytes)(uint32_t, uint32_t) = nullptr;
  llvm::cantFail(linked.object->find("net_run_ex", runEx));
  llvm::cantFail(linked.object->find("net_arena_bytes", getArenaBytes));
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  size_t arenaBytes = getArenaBytes(1, workers);
  auto *arena = static_cast<float *>(
      std::aligned_alloc(64, llvm::alignTo(arenaBytes, 64)));
  std::fill_n(arena, arenaBytes / sizeof(float), nan);
  output.assign(linked.outputLength, nan);
  float *outputs[] = {output.data()};
  size_t outputBytes[] = {output.size() * sizeof(float)};
  mobileone_call parameters = {};
  parameters.struct_size = sizeof(parameters);
  parameters.batch = 1;
  parameters.input = image.bytes.data();
  parameters.input_bytes = image.bytes.size();
  parameters.outputs = outputs;
  parameters.output_bytes = outputBytes;
  parameters.output_count = 1;
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
        !(std::abs(want - have) <= kTolerance * largest))
      return fmt::format("output {} is {}, but the interpreter says {}", i,
                         have, want);
  return "";
}

std::string mobileone::compareWithInterpreter(MLIRContext &context,
                                              StringRef text,
                                              const IsaLevel &level,
                                              Instrument instrument,
                                              uint32_t imageSeed) {
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      message += diagnostic.str() + "\n";
  });
  auto module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return "not parsed: " + message;
  auto network = module->lookupSymbol<func::FuncOp>("net");
  Image image = makeImage(cast<RankedTensorType>(network.getArgumentTypes()[0]),
                          imageSeed);
  FailureOr<Tensor64> expected = interpret(network, image.reference);
  if (failed(expected))
    return "not interpreted: " + message;
  Linked linked;
  if (failed(compileAndLink(*module, level, instrument, linked)))
    return "not compiled: " + message;
  std::vector<float> alone, together;
  for (auto [workers, output] : {std::pair(1u, &alone), {3u, &together}})
    if (int error = call(linked, image, workers, *output))
      return fmt::format("run_ex() on {} workers returned {}", workers, error);
  if (memcmp(alone.data(), together.data(), alone.size() * sizeof(float)) != 0)
    return "one and three workers give different bits";
  return compare(expected->values, alone);
}
