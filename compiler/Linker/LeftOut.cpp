// What lld refers to and no link of an object needs: other processors, and
// optimization at link time, which is of bitcode. Each stands here with an
// empty body, before LLVM's own: an archive is searched only for what is still
// missing. A name that is forgotten makes the link of the tool fail, by two
// definitions of the others.
#include "llvm/DTLTO/DTLTO.h"
#include "llvm/LTO/LTO.h"
#include "llvm/Linker/IRMover.h"

#define MOBILEONE_LEFT_OUT(processor)                                          \
  extern "C" void LLVMInitialize##processor##TargetInfo();                     \
  extern "C" void LLVMInitialize##processor##Target();                         \
  extern "C" void LLVMInitialize##processor##TargetMC();                       \
  extern "C" void LLVMInitialize##processor##AsmPrinter();                     \
  extern "C" void LLVMInitialize##processor##AsmParser();                      \
  void LLVMInitialize##processor##TargetInfo() {}                              \
  void LLVMInitialize##processor##Target() {}                                  \
  void LLVMInitialize##processor##TargetMC() {}                                \
  void LLVMInitialize##processor##AsmPrinter() {}                              \
  void LLVMInitialize##processor##AsmParser() {}
#include "compiler/Linker/LeftOutProcessors.inc"

using namespace llvm;
using namespace llvm::lto;

static Error refuseBitcode() {
  return createStringError("expects a file of machine code, but got bitcode");
}

Expected<std::unique_ptr<InputFile>> InputFile::create(MemoryBufferRef) {
  return refuseBitcode();
}
InputFile::~InputFile() = default;
StringRef InputFile::getName() const { return {}; }

// The linker makes one before it asks whether there is bitcode.
LTO::RegularLTOState::RegularLTOState(unsigned level, const Config &config)
    : ParallelCodeGenParallelismLevel(level), Ctx(config) {}
LTO::ThinLTOState::ThinLTOState(ThinBackend backend)
    : Backend(std::move(backend)), CombinedIndex(/*HaveGVs=*/false) {}
LTO::LTO(Config config, ThinBackend backend, unsigned level, LTOKind mode)
    : Conf(std::move(config)), RegularLTO(level, Conf),
      ThinLTO(std::move(backend)), LTOMode(mode) {}
LTO::~LTO() = default;
Error LTO::add(std::unique_ptr<InputFile>, ArrayRef<SymbolResolution>) {
  return refuseBitcode();
}
unsigned LTO::getMaxTasks() const { return 0; }
// Nothing was added: one of the linkers calls it all the same.
Error LTO::run(AddStreamFn, FileCache) { return Error::success(); }
SmallVector<const char *> LTO::getRuntimeLibcallSymbols(const Triple &) {
  return {};
}

Expected<std::shared_ptr<InputFile>>
DTLTO::addInput(std::unique_ptr<InputFile>) {
  return refuseBitcode();
}
Error DTLTO::serializeInputsForDistribution() { return refuseBitcode(); }
void DTLTO::cleanup() {}

Error Config::addSaveTemps(std::string, bool, const DenseSet<StringRef> &) {
  return refuseBitcode();
}
ThinBackend lto::createInProcessThinBackend(ThreadPoolStrategy,
                                            IndexWriteCallback, bool, bool) {
  return {};
}
ThinBackend lto::createOutOfProcessThinBackend(ThreadPoolStrategy,
                                               IndexWriteCallback, bool, bool,
                                               StringRef, StringRef,
                                               ArrayRef<StringRef>, StringRef,
                                               ArrayRef<StringRef>,
                                               ArrayRef<StringRef>, bool) {
  return {};
}
ThinBackend lto::createWriteIndexesThinBackend(ThreadPoolStrategy, std::string,
                                               std::string, std::string, bool,
                                               raw_fd_ostream *,
                                               IndexWriteCallback) {
  return {};
}
std::string lto::getThinLTOOutputFile(StringRef, StringRef, StringRef) {
  return {};
}
