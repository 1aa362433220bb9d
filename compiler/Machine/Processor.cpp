// The table of processors.
#include "compiler/Machine/Processor.h"

#include "llvm/ADT/STLExtras.h"

using namespace mobileone;

/// Of x86-64 the options of the entry points say all.
static constexpr llvm::ArrayRef<CodeAttribute> kNone;

/// As -mbranch-protection=pac-ret+bti.
static constexpr CodeAttribute kBranchProtection[] = {
    {"branch-target-enforcement", "", true},
    {"sign-return-address", "non-leaf", true},
    {"sign-return-address-key", "a_key", false},
};

static constexpr Processor kProcessors[] = {
#define MOBILEONE_PROCESSOR(id, arch, generator, cpu, attributes)              \
  {llvm::Triple::arch, cpu, attributes},
#include "compiler/Machine/Processors.def"
};

const Processor &mobileone::getProcessor(llvm::Triple::ArchType arch) {
  return *llvm::find_if(kProcessors, [&](const Processor &processor) {
    return processor.arch == arch;
  });
}
