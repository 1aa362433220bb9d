// The table of processors.
#include "compiler/Machine/Processor.h"

#include "llvm/ADT/STLExtras.h"

using namespace mobileone;

static constexpr Processor kProcessors[] = {
#define MOBILEONE_PROCESSOR(id, arch, generator, cpu, isVirtual)               \
  {llvm::Triple::arch, cpu, isVirtual},
#include "compiler/Machine/Processors.def"
};

const Processor &mobileone::getProcessor(llvm::Triple::ArchType arch) {
  return *llvm::find_if(kProcessors, [&](const Processor &processor) {
    return processor.arch == arch;
  });
}
