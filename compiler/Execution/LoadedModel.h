// Links a generated object into this process and calls its functions.
#ifndef MOBILEONE_COMPILER_EXECUTION_LOADEDMODEL_H
#define MOBILEONE_COMPILER_EXECUTION_LOADEDMODEL_H

#include "compiler/Execution/LinkedObject.h"
#include "runtime/thread_pool.h"
#include "runtime/weights.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// A model whose object was linked into this process, with an arena and threads
/// of its own.
class LoadedModel {
public:
  /// Fails with one line that names `object`, by its identifier, if it is no
  /// object of a MobileOne model for this machine, or if its weights are
  /// outside of it, and neither `weights`, which has their file's content and
  /// outlives this, nor in a file beside it. Every run has `threads` threads.
  static llvm::Expected<std::unique_ptr<LoadedModel>>
  load(std::unique_ptr<llvm::MemoryBuffer> object, uint32_t threads,
       llvm::ArrayRef<char> weights = {});

  /// Of the chosen image size; of the first, unless another is chosen.
  const mobileone_model_info &info() const { return *modelInfo; }
  /// Begins the names of its functions.
  llvm::StringRef name() const { return prefix; }
  /// "s0", "f32".
  std::string variant() const;
  std::string precision() const;
  /// What runs, in a line: prefix, variant, precision, image size and level.
  std::string describe() const;
  /// Floating point or bytes, as compiled.
  bool takesBytes() const {
    return modelInfo->input_layout == MOBILEONE_U8_NHWC;
  }
  /// Of the caller's pixels: whether alpha is the last.
  bool hasAlpha() const { return modelInfo->channel_order >= MOBILEONE_RGBA; }
  /// A number for each channel; empty where no normalization is known.
  llvm::ArrayRef<float> std() const {
    return llvm::ArrayRef(modelInfo->std).take_while([](float number) {
      return number > 0;
    });
  }
  llvm::ArrayRef<float> mean() const {
    return llvm::ArrayRef(modelInfo->mean).take_front(std().size());
  }
  /// Lets all runs take images of another size, and all that is said here be of
  /// it. False, and as it was, if the object has none such.
  bool chooseSize(uint32_t height, uint32_t width);
  /// Whether there are several.
  bool hasSizes() const { return firstInfo->next_size_offset; }
  /// "224x224", the chosen one.
  std::string describeSize() const;
  /// "224x224, 448x448"
  std::string describeSizes() const;
  /// Of the network, in its order.
  llvm::ArrayRef<mobileone_layer_info> layers() const {
    return {mobileone_layers(modelInfo), modelInfo->layer_count};
  }
  /// Whether observers see the results of layers.
  bool showsTensors() const {
    return modelInfo->instrument == MOBILEONE_INSTRUMENT_TENSORS;
  }
  /// The shape of one image's input, in its layout.
  std::array<uint32_t, 3> inputShape() const;
  /// What a run gives, in its order.
  llvm::ArrayRef<mobileone_output_info> outputs() const {
    return {mobileone_outputs(modelInfo), modelInfo->output_count};
  }
  /// The level of the code that runs: the chosen one, or else the best.
  mobileone_isa_level isa() const;
  /// Lets all runs use the code of `level`. Fails if the object holds none for
  /// it or this CPU cannot run it.
  llvm::Error chooseIsa(mobileone_isa_level level);

  /// Sees the beginning and the end of each layer, as `on_layer` of
  /// mobileone_call does.
  using LayerObserver = llvm::function_ref<void(
      uint32_t layer, mobileone_phase phase, llvm::ArrayRef<float> result)>;

  /// Runs one image: `info().input_bytes` bytes in, a buffer for each of
  /// `outputs()` out. An observer needs an instrumented object.
  llvm::Error run(const void *input, llvm::ArrayRef<float *> buffers,
                  LayerObserver onLayer = nullptr);

  uint32_t threads() const { return threadCount; }
  /// Runs `task` for each index below `count` on the threads of the runs.
  void parallelFor(uint32_t count, llvm::function_ref<void(uint32_t)> task);

private:
  struct ArenaDeleter {
    void operator()(void *arena) const;
  };
  struct PoolDeleter {
    void operator()(mobileone_thread_pool *pool) const {
      mobileone_thread_pool_destroy(pool);
    }
  };

  struct WeightsCloser {
    void operator()(mobileone_weights *weights) const {
      mobileone_weights_close(weights);
      delete weights;
    }
  };

  LoadedModel() = default;
  llvm::Error link(std::unique_ptr<llvm::MemoryBuffer> object);
  /// Checks the weights of an object that does without its own, and maps
  /// NAME.weights beside NAME.o where none are given.
  llvm::Error openWeights(llvm::StringRef path);
  llvm::Error startThreads(uint32_t threads);
  llvm::Error allocateArena(llvm::StringRef path);

  std::optional<LinkedObject> code;
  std::string prefix;
  const mobileone_model_info *firstInfo = nullptr;
  const mobileone_model_info *modelInfo = nullptr; // of the chosen size
  int (*runFunction)(const mobileone_call *) = nullptr;
  size_t (*arenaBytesFunction)(uint32_t, uint32_t) = nullptr;
  uint32_t (*isaFunction)() = nullptr;
  mobileone_isa_level chosenIsa = MOBILEONE_ISA_NONE; // none: the best
  std::unique_ptr<mobileone_weights, WeightsCloser> mapped;
  llvm::ArrayRef<char> weights; // outside of the object
  uint32_t threadCount = 0;
  std::unique_ptr<mobileone_thread_pool, PoolDeleter> pool;
  size_t arenaBytes = 0;
  std::unique_ptr<void, ArenaDeleter> arena;
};

/// Memory for what a run gives.
class ModelOutput {
public:
  explicit ModelOutput(const LoadedModel &model);

  /// Of each output, for LoadedModel::run.
  llvm::ArrayRef<float *> pointers() const { return starts; }
  llvm::ArrayRef<float> operator[](size_t output) const {
    return values[output];
  }

private:
  std::vector<std::vector<float>> values;
  std::vector<float *> starts;
};

/// The shape of an output of one image: numbers, or a map as it lies in memory.
llvm::SmallVector<uint64_t> getShape(const mobileone_output_info &output);

/// The name of a level as `mobileone-opt --isa` takes it, or "none".
llvm::StringRef isaName(mobileone_isa_level level);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_EXECUTION_LOADEDMODEL_H
