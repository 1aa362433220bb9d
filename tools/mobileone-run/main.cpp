// mobileone-run: runs an object that mobileone-opt made.
#include "ParseCommandLine.h"
#include "tools/Images/ReadFile.h"

#include "compiler/Import/Importer.h"
#include "compiler/Machine/IsaLevel.h"
#include "tools/CommandLine/CommandLine.h"
#include "tools/Output/Print.h"
#include "tools/Output/ToolProcess.h"

#include <fmt/format.h>

using namespace llvm;
using namespace mobileone::run;
using mobileone::LoadedModel;
using mobileone::OutputSet;
using mobileone::print;
using mobileone::ToolProcess;

static Error runMode(LoadedModel &model, Options &options, OutputSet &outputs) {
  if (!options.output.empty())
    return runTensors(model, options.input, options.output, outputs);
  if (!options.verify.checkpoint.empty()) {
    options.verify.input = options.input;
    options.verify.json = options.json;
    return verify(model, options.verify);
  }
  if (options.bench)
    return bench(model, options.rounds, options.json);
  if (!options.profile.empty())
    return profile(model, options.profile, options.rounds, outputs,
                   options.json);
  if (!options.evaluate.folder.empty()) {
    options.evaluate.preparation = options.preparation;
    options.evaluate.json = options.json;
    return evaluate(model, options.evaluate);
  }
  options.classify.preparation = options.preparation;
  options.classify.json = options.json;
  return classify(model, options.classify);
}

/// Refuses an output before any work.
static Error reserveOutputs(const Options &options, OutputSet &outputs) {
  // What the modes that write read.
  for (const std::string &file : {options.object, options.input})
    outputs.addInput(file);
  if (!options.output.empty())
    return outputs.reserve(options.output);
  // Figures are printed beside the page.
  if (!options.profile.empty())
    return outputs.reserve(options.profile, {/*onlyFile=*/true, ""});
  return Error::success();
}

static Error chooseSize(LoadedModel &model, const Options &options) {
  const auto size = mobileone::ImageSize::parse(options.imageSize);
  if (!size || model.chooseSize(size->height, size->width))
    return Error::success();
  return createStringError(fmt::format(
      "{}: --image-size: expects a size of the object, {}, but got {}",
      options.object, model.describeSizes(), options.imageSize));
}

static Error run(Options &options) {
  OutputSet outputs;
  if (Error error = reserveOutputs(options, outputs))
    return error;
  Expected<std::unique_ptr<MemoryBuffer>> object =
      mobileone::images::readFile(options.object);
  if (!object)
    return object.takeError();
  Expected<std::unique_ptr<LoadedModel>> model =
      LoadedModel::load(std::move(*object), options.threads);
  if (!model)
    return model.takeError();
  if (const uint32_t cores = mobileone_usable_cores(); options.threads > cores)
    print(stderr,
          "mobileone-run: note: --threads={} is more than the {} core{} that "
          "this process may use: threads wait for each other, and each run "
          "takes longer\n",
          options.threads, cores, cores == 1 ? "" : "s");
  if (!options.isa.empty())
    if (Error error = (*model)->chooseIsa(static_cast<mobileone_isa_level>(
            mobileone::findIsaLevel(options.isa)->number)))
      return createStringError(options.object + ": " +
                               toString(std::move(error)));
  if (Error error = chooseSize(**model, options))
    return error;
  if (Error error = runMode(**model, options, outputs))
    return error;
  return outputs.commit();
}

int main(int argc, char **argv) {
  ToolProcess process("mobileone-run", argc, argv);
  mobileone::obeyNoColor();
  Options options = parseCommandLine(argc, argv);

  int status = EXIT_SUCCESS;
  handleAllErrors(run(options), [&](const ErrorInfoBase &error) {
    print(stderr, "mobileone-run: error: {}\n", error.message());
    status = EXIT_FAILURE;
  });
  return status;
}
