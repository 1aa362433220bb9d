// A program that compiles by itself, without a process of the compiler.
#include "compiler/Driver/Compile.h"
#include "compiler/Driver/Load.h"
#include "compiler/Execution/LinkedObject.h"
#include "compiler/Pipelines/Dialects.h"
#include "dialect/Interpreter/Interpreter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <thread>

using namespace mlir;
using namespace mobileone;

// LLVM gives a thread that removes files on signals a stack for them, which
// AddressSanitizer would take for its own and unmap.
extern "C" const char *__asan_default_options();
extern "C" const char *__asan_default_options() { return "use_sigaltstack=0"; }

namespace {

/// Compiles in a context of its own, and keeps what is said.
struct Compiler {
  Compiler() : context(makeRegistry()) {
    request.target = findHostTarget();
    request.levels = {request.target->getLevels().front()};
  }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerDialects(registry);
    return registry;
  }

  void load(std::unique_ptr<llvm::MemoryBuffer> input) {
    request.source = input->getBufferIdentifier().str();
    module = mobileone::load(std::move(input), request.import, request.tensors,
                             std::make_shared<llvm::SourceMgr>(), &context);
  }
  void loadText(StringRef text) {
    load(llvm::MemoryBuffer::getMemBufferCopy(text, "net.mlir"));
  }
  /// A file of test/Inputs.
  void loadFile(const Twine &name) {
    auto file =
        llvm::MemoryBuffer::getFile(MOBILEONE_INPUTS + ("/" + name).str());
    ASSERT_TRUE(file);
    load(std::move(*file));
    ASSERT_TRUE(module) << messages;
  }
  FailureOr<std::vector<Artifact>> compile() {
    return mobileone::compile(*module, request, hooks);
  }

  MLIRContext context;
  std::string messages;
  ScopedDiagnosticHandler handler{&context, [this](Diagnostic &diagnostic) {
                                    messages += diagnostic.str() + "\n";
                                    return success();
                                  }};
  CompileRequest request;
  CompileHooks hooks;
  OwningOpRef<ModuleOp> module;
};

/// Runs the object by its P_run_ex; empty after an error of it.
std::vector<float> run(const std::string &object, StringRef prefix,
                       const std::vector<float> &image) {
  auto linked = llvm::cantFail(
      LinkedObject::link(llvm::MemoryBuffer::getMemBufferCopy(object, "net")));
  int (*runEx)(const mobileone_call *) = nullptr;
  const mobileone_model_info *(*getInfo)() = nullptr;
  llvm::cantFail(linked.find(prefix + "_run_ex", runEx));
  llvm::cantFail(linked.find(prefix + "_info", getInfo));
  const mobileone_model_info &info = *getInfo();
  std::vector<float> output(mobileone_outputs(&info)->length);
  float *outputs[] = {output.data()};
  size_t outputBytes[] = {output.size() * sizeof(float)};
  mobileone_call call = {};
  call.struct_size = sizeof(call);
  call.batch = 1;
  call.workers = 1;
  call.input = image.data();
  call.input_bytes = image.size() * sizeof(float);
  call.outputs = outputs;
  call.output_bytes = outputBytes;
  call.output_count = 1;
  call.arena = std::aligned_alloc(64, info.arena_bytes);
  call.arena_bytes = info.arena_bytes;
  int error = runEx(&call);
  std::free(call.arena);
  return error ? std::vector<float>() : output;
}

std::vector<Artifact::Kind> getKinds(ArrayRef<Artifact> artifacts) {
  std::vector<Artifact::Kind> kinds;
  for (const Artifact &artifact : artifacts)
    kinds.push_back(artifact.kind);
  return kinds;
}

constexpr llvm::StringLiteral kNetwork = R"mlir(
func.func @net(%image: tensor<1x3x8x8xf32>) -> tensor<1x4xf32> {
  %0 = mobileone.block "stem" (%x = %image) : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32> {
    %conv = mobileone.conv %x filter = dense<0.5> : tensor<16x3x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x3x8x8xf32> -> tensor<1x16x8x8xf32>
    mobileone.yield %conv : tensor<1x16x8x8xf32>
  }
  %1 = mobileone.global_average_pool %0 : tensor<1x16x8x8xf32> -> tensor<1x16xf32>
  %2 = mobileone.linear "head" %1 weight = dense<0.25> : tensor<4x16xf32> bias = dense<1.0> : tensor<4xf32>
    : tensor<1x16xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
})mlir";

} // namespace

TEST(CompileTest, checkpoint_becomes_an_object_that_computes) {
  Compiler compiler;
  compiler.request.import.imageSize = {64, 64};
  compiler.request.prefix = "views";
  compiler.loadFile("checkpoints/valid/views_timm_deploy.pth");
  Tensor64 image{{1, 3, 64, 64}, {}};
  std::vector<float> pixels;
  for (int i = 0; i != 3 * 64 * 64; ++i) {
    pixels.push_back(static_cast<float>(i * 37 % 64) / 32 - 1);
    image.values.push_back(pixels.back());
  }
  auto network = *compiler.module->getOps<func::FuncOp>().begin();
  FailureOr<std::vector<Tensor64>> expected = interpret(network, image);
  ASSERT_TRUE(succeeded(expected)) << compiler.messages;

  FailureOr<std::vector<Artifact>> artifacts = compiler.compile();
  ASSERT_TRUE(succeeded(artifacts)) << compiler.messages;
  EXPECT_EQ(compiler.messages, "");
  EXPECT_EQ(getKinds(*artifacts),
            (std::vector{Artifact::Result, Artifact::Header, Artifact::Json}));
  EXPECT_TRUE(StringRef((*artifacts)[1].content).contains("int views_run_ex("));
  EXPECT_TRUE(
      StringRef((*artifacts)[2].content).contains("\"prefix\": \"views\""));

  std::vector<float> logits = run(artifacts->front().content, "views", pixels);
  const std::vector<double> &values = expected->front().values;
  ASSERT_EQ(logits.size(), values.size());
  // Of README.md: what objects differ from float64 by.
  for (auto [logit, value] : llvm::zip_equal(logits, values))
    EXPECT_NEAR(logit, value, 1e-4 * std::max(1.0, std::abs(value)));
}

// 1/2 of three ones is 3/2 in 16 channels, a quarter of whose sum is 6.
TEST(CompileTest, a_process_compiles_as_often_as_it_likes) {
  std::string first;
  for (int time = 0; time != 2; ++time) {
    Compiler compiler;
    compiler.loadText(kNetwork);
    FailureOr<std::vector<Artifact>> artifacts = compiler.compile();
    ASSERT_TRUE(succeeded(artifacts)) << compiler.messages;
    const std::string &object = artifacts->front().content;
    EXPECT_EQ(run(object, "net", std::vector<float>(3 * 8 * 8, 1)),
              std::vector<float>(4, 7));
    if (time)
      EXPECT_EQ(object, first);
    first = object;
  }
}

TEST(CompileTest, threads_compile_at_once) {
  std::string objects[2], libraries[2];
  std::vector<std::thread> threads;
  // lld has one state for the process.
  for (std::string &library : libraries)
    threads.emplace_back([&library] {
      Compiler compiler;
      compiler.request.emit = EmitKind::Shared;
      compiler.loadText(kNetwork);
      FailureOr<std::vector<Artifact>> artifacts = compiler.compile();
      if (succeeded(artifacts))
        library = artifacts->front().content;
    });
  for (std::string &object : objects)
    threads.emplace_back([&object] {
      Compiler compiler;
      compiler.loadText(kNetwork);
      FailureOr<std::vector<Artifact>> artifacts = compiler.compile();
      if (succeeded(artifacts))
        object = artifacts->front().content;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(run(objects[0], "net", std::vector<float>(3 * 8 * 8, 1)),
            std::vector<float>(4, 7));
  EXPECT_EQ(objects[0], objects[1]);
  EXPECT_TRUE(StringRef(libraries[0])
                  .starts_with("\x7f"
                               "ELF"));
  EXPECT_EQ(libraries[0], libraries[1]);
}

// Stages before the vectors are of no machine.
TEST(CompileTest, a_stage_is_text_or_bytecode) {
  Compiler text;
  text.request.emit = EmitKind::Linalg;
  text.request.target = nullptr;
  text.request.levels.clear();
  text.loadText(kNetwork);
  FailureOr<std::vector<Artifact>> artifacts = text.compile();
  ASSERT_TRUE(succeeded(artifacts)) << text.messages;
  ASSERT_EQ(getKinds(*artifacts), std::vector{Artifact::Result});
  EXPECT_TRUE(StringRef(artifacts->front().content).contains("linalg.generic"));

  Compiler bytecode;
  bytecode.request.emit = EmitKind::Linalg;
  bytecode.request.isBytecode = true;
  bytecode.loadText(kNetwork);
  artifacts = bytecode.compile();
  ASSERT_TRUE(succeeded(artifacts)) << bytecode.messages;
  EXPECT_TRUE(StringRef(artifacts->front().content).starts_with("ML\xefR"));
}

TEST(CompileTest, stages_are_given_in_their_order) {
  Compiler compiler;
  compiler.request.saveTemps = true;
  compiler.loadText(kNetwork);
  FailureOr<std::vector<Artifact>> artifacts = compiler.compile();
  ASSERT_TRUE(succeeded(artifacts)) << compiler.messages;
  std::vector<std::string> names;
  for (const Artifact &artifact : *artifacts)
    if (artifact.kind == Artifact::Temp)
      names.push_back(artifact.name);
  std::string level = compiler.request.levels.front()->name.str();
  EXPECT_EQ(names, (std::vector<std::string>{
                       "train.mlir", "reparameterized.mlir", "planned.mlir",
                       "linalg.mlir", "vector." + level + ".mlir",
                       "llvm." + level + ".mlir", "net.ll", "net.s"}));
}

TEST(CompileTest, schedules_alone_are_a_compile) {
  Compiler compiler;
  compiler.request.emit = std::nullopt;
  compiler.request.tune = true;
  compiler.loadText(kNetwork);
  FailureOr<std::vector<Artifact>> artifacts = compiler.compile();
  ASSERT_TRUE(succeeded(artifacts)) << compiler.messages;
  ASSERT_EQ(getKinds(*artifacts), std::vector{Artifact::Schedules});
  EXPECT_TRUE(StringRef(artifacts->front().content).contains("pointwise_"));
}

// None ends the process.
TEST(CompileTest, requests_that_cannot_be_fulfilled_are_errors) {
  using Change = void (*)(CompileRequest &);
  for (auto [change, message] :
       std::initializer_list<std::pair<Change, llvm::StringRef>>{
           {[](CompileRequest &r) { r.emit = std::nullopt; },
            "expects something to make, but got neither --emit nor --tune\n"},
           {[](CompileRequest &r) { r.batches.clear(); },
            "--batch expects numbers of images from 1 on, but got none\n"},
           {[](CompileRequest &r) { r.batches = {1, 0}; },
            "--batch expects numbers of images from 1 on, but got 0\n"},
           {[](CompileRequest &r) { r.prefix = "a-b"; },
            "--prefix expects a C identifier, but got 'a-b'\n"},
           {[](CompileRequest &r) { r.target = nullptr; },
            "--target expects a system to generate code for, but got none\n"},
           {[](CompileRequest &r) { r.levels.clear(); }, "but got none\n"},
           {[](CompileRequest &r) {
              r.verifiedImages = 1;
              r.emit = EmitKind::Asm;
            },
            "--verify expects an object to run"},
           {[](CompileRequest &r) { r.levels.append(2, r.levels.front()); },
            "lowest first, but got"},
           {[](CompileRequest &r) { r.schedule = "/no/such/file"; },
            "/no/such/file: expects a readable file"},
           {[](CompileRequest &r) { r.emit = EmitKind::Stats; },
            "--emit=stats expects a checkpoint"}}) {
    Compiler compiler;
    compiler.loadText(kNetwork);
    change(compiler.request);
    EXPECT_TRUE(failed(compiler.compile())) << message.str();
    EXPECT_TRUE(StringRef(compiler.messages).contains(message))
        << compiler.messages;
  }
}

namespace {

/// Makes the code of one level wrong: its first addition subtracts.
struct WrongLevel : CompileHooks {
  explicit WrongLevel(const IsaLevel *level) : level(level) {}

  LogicalResult runPasses(ModuleOp module, const llvm::Twine &stage,
                          Build build) override {
    if (failed(CompileHooks::runPasses(module, stage, build)))
      return failure();
    if (!level || stage.str() != "vector." + level->name.str())
      return success();
    module.walk([&](arith::AddFOp op) {
      OpBuilder builder(op);
      op.getResult().replaceAllUsesWith(
          arith::SubFOp::create(builder, op.getLoc(), op.getLhs(), op.getRhs(),
                                op.getFastmath())
              .getResult());
      return WalkResult::interrupt();
    });
    return success();
  }
  void showVerifying(size_t, size_t) override { ++images; }
  void showVerified(const VerifiedObject &object) override {
    levels = object.levels;
    relative = object.distance.relative;
  }

  const IsaLevel *level;
  unsigned images = 0;
  SmallVector<const IsaLevel *> levels;
  double relative = 1;
};

} // namespace

TEST(CompileTest, objects_are_compared_at_each_level_of_this_cpu) {
  WrongLevel hooks(nullptr);
  Compiler compiler;
  compiler.request.levels = compiler.request.target->getLevels();
  compiler.request.verifiedImages = 2;
  compiler.loadText(kNetwork);
  ASSERT_TRUE(succeeded(compile(*compiler.module, compiler.request, hooks)))
      << compiler.messages;
  EXPECT_EQ(hooks.images, 2u);
  EXPECT_EQ(hooks.levels.back(), findHostIsaLevel());
  EXPECT_LE(hooks.relative, kTolerance);
}

// Each level in turn is the wrong one, and is named.
TEST(CompileTest, an_object_that_is_wrong_is_an_error) {
  Compiler first;
  SmallVector<const IsaLevel *> all = first.request.target->getLevels();
  for (const IsaLevel *level : all) {
    if (!level->isOnHost())
      continue;
    WrongLevel hooks(level);
    Compiler compiler;
    compiler.request.levels = all;
    compiler.request.verifiedImages = 1;
    compiler.loadText(kNetwork);
    EXPECT_TRUE(failed(compile(*compiler.module, compiler.request, hooks)));
    EXPECT_TRUE(StringRef(compiler.messages)
                    .starts_with("--verify: " + level->name.str() +
                                 ", random image 1 of 1: expects a relative "
                                 "difference of at most 0.0001, but got "))
        << compiler.messages;
    EXPECT_TRUE(hooks.levels.empty());
  }
}

TEST(CompileTest, levels_of_another_processor_are_refused) {
  Compiler compiler;
  compiler.loadText(kNetwork);
  for (const Target &target : getTargets())
    if (target.getTriple().getArch() !=
        compiler.request.target->getTriple().getArch())
      compiler.request.levels = {target.getLevels().front()};
  EXPECT_TRUE(failed(compiler.compile()));
  EXPECT_TRUE(StringRef(compiler.messages).contains("expects levels of"))
      << compiler.messages;
}

TEST(CompileTest, shared_libraries_are_elf_files) {
  Compiler compiler;
  compiler.request.emit = EmitKind::Shared;
  compiler.request.target = findTarget(llvm::Triple("x86_64-windows-gnu"));
  ASSERT_TRUE(compiler.request.target);
  compiler.loadText(kNetwork);
  EXPECT_TRUE(failed(compiler.compile()));
  EXPECT_TRUE(StringRef(compiler.messages)
                  .contains("--emit=shared expects a target with ELF files"))
      << compiler.messages;
}

TEST(CompileTest, inputs_that_cannot_be_read_are_errors) {
  Compiler text;
  text.loadText("func.func @net(");
  EXPECT_FALSE(text.module);
  EXPECT_NE(text.messages, "");

  // The first bytes of a zip archive, and no more.
  Compiler checkpoint;
  checkpoint.load(llvm::MemoryBuffer::getMemBufferCopy("PK\x03\x04", "a.pth"));
  EXPECT_FALSE(checkpoint.module);
  EXPECT_TRUE(StringRef(checkpoint.messages).contains("a.pth"))
      << checkpoint.messages;
}
