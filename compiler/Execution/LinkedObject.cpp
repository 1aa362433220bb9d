// Links an object file into this process.
#include "compiler/Execution/LinkedObject.h"

#include "llvm/ExecutionEngine/JITLink/JITLinkMemoryManager.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/Core.h"
#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h"

#include <cstring>

using namespace llvm;
using namespace mobileone;

/// The linker and the memory that it filled.
struct LinkedObject::Session {
  Session(std::unique_ptr<orc::ExecutorProcessControl> process,
          std::unique_ptr<jitlink::JITLinkMemoryManager> memory)
      : execution(std::move(process)), layer(execution, std::move(memory)),
        dylib(execution.createBareJITDylib("object")) {
    // A failed lookup says only that it failed; the reason comes here.
    execution.setErrorReporter([this](Error error) {
      if (linkError.empty())
        linkError = toString(std::move(error));
      else
        consumeError(std::move(error));
    });
  }
  ~Session() { cantFail(execution.endSession()); }

  orc::ExecutionSession execution;
  orc::ObjectLinkingLayer layer;
  orc::JITDylib &dylib;
  std::string linkError;
};

LinkedObject::LinkedObject(std::unique_ptr<Session> session)
    : session(std::move(session)) {}
LinkedObject::LinkedObject(LinkedObject &&) = default;
LinkedObject &LinkedObject::operator=(LinkedObject &&) = default;
LinkedObject::~LinkedObject() = default;

Expected<LinkedObject>
LinkedObject::link(std::unique_ptr<MemoryBuffer> object) {
  auto process = orc::SelfExecutorProcessControl::Create();
  if (!process)
    return process.takeError();
  auto memory = jitlink::InProcessMemoryManager::Create();
  if (!memory)
    return memory.takeError();
  auto session =
      std::make_unique<Session>(std::move(*process), std::move(*memory));

  auto exported = [](auto *function) {
    return orc::ExecutorSymbolDef(orc::ExecutorAddr::fromPtr(function),
                                  JITSymbolFlags::Exported);
  };
  orc::SymbolMap library;
  library[session->execution.intern("memcpy")] = exported(&std::memcpy);
  library[session->execution.intern("memmove")] = exported(&std::memmove);
  library[session->execution.intern("memset")] = exported(&std::memset);
  if (Error error = session->dylib.define(orc::absoluteSymbols(library)))
    return error;
  if (Error error = session->layer.add(session->dylib, std::move(object)))
    return error;
  return LinkedObject(std::move(session));
}

Expected<void *> LinkedObject::findAddress(StringRef name) {
  Expected<orc::ExecutorSymbolDef> symbol = session->execution.lookup(
      {&session->dylib}, session->execution.intern(name));
  if (!symbol) {
    std::string lookupError = toString(symbol.takeError());
    return createStringError("cannot be linked: " + (session->linkError.empty()
                                                         ? lookupError
                                                         : session->linkError));
  }
  return symbol->getAddress().toPtr<void *>();
}
