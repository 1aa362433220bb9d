// What the tests of the importer share.
#ifndef MOBILEONE_TEST_COMPILER_IMPORT_TESTIMPORT_H
#define MOBILEONE_TEST_COMPILER_IMPORT_TESTIMPORT_H

#include "compiler/Import/Importer.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <gtest/gtest.h>

namespace mobileone {

/// A file of test/Inputs/checkpoints.
inline std::string getCheckpointPath(const std::string &name) {
  return MOBILEONE_CHECKPOINTS "/" + name;
}

/// A file that is removed at the end of its scope.
class TemporaryFile {
public:
  TemporaryFile(llvm::StringRef suffix, llvm::StringRef content) {
    int descriptor = -1;
    if (llvm::sys::fs::createTemporaryFile("mobileone", suffix, descriptor,
                                           path))
      ADD_FAILURE() << "cannot create a temporary file";
    llvm::raw_fd_ostream(descriptor, /*shouldClose=*/true) << content;
  }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;

  std::string getPath() const { return path.str().str(); }

private:
  llvm::SmallString<128> path;
};

/// An import in a context of its own, with what it reported.
struct Import {
  explicit Import(llvm::StringRef path, const ImportOptions &options = {})
      : Import() {
    module = importCheckpoint(path, options, &context);
  }
  /// Of a file that exists only in memory.
  Import(llvm::StringRef name, const std::string &content,
         const ImportOptions &options)
      : Import() {
    module = importCheckpoint(
        llvm::MemoryBuffer::getMemBufferCopy(content, name), options, &context);
  }

  bool isValid() { return module && mlir::succeeded(mlir::verify(*module)); }

  /// The module as text, with a hash of each resource instead of its bytes.
  std::string print() {
    std::string text;
    llvm::raw_string_ostream stream(text);
    module->print(stream, mlir::OpPrintingFlags().elideLargeResourceString(0));
    module->walk([&](mlir::Operation *op) {
      for (mlir::NamedAttribute attr : op->getAttrs())
        if (auto resource = mlir::dyn_cast<mlir::DenseResourceElementsAttr>(
                attr.getValue()))
          stream << resource.getRawHandle().getKey() << ' '
                 << llvm::xxh3_64bits(llvm::toStringRef(
                        resource.getRawHandle().getBlob()->getData()))
                 << '\n';
    });
    return text;
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  std::vector<std::string> errors, remarks;
  mlir::OwningOpRef<mlir::ModuleOp> module;

private:
  Import() {
    context.getDiagEngine().registerHandler([this](mlir::Diagnostic &diag) {
      bool isError = diag.getSeverity() == mlir::DiagnosticSeverity::Error;
      (isError ? errors : remarks).push_back(diag.str());
    });
  }
};

/// The tensors of a file with one dictionary; its first fault is an error.
inline llvm::Expected<std::vector<Tensor>>
takeTensors(llvm::Expected<std::vector<StateDict>> dicts) {
  if (!dicts)
    return dicts.takeError();
  if (dicts->size() != 1)
    return llvm::createStringError(std::to_string(dicts->size()) +
                                   " dictionaries");
  if (!dicts->front().faults.empty())
    return llvm::createStringError(dicts->front().faults.front().message);
  return std::move(dicts->front().tensors);
}

/// Checks that an error's text is one line that contains every word.
inline void expectWords(llvm::StringRef text,
                        llvm::ArrayRef<const char *> words) {
  EXPECT_FALSE(text.contains('\n')) << text.str();
  for (const char *word : words)
    EXPECT_TRUE(text.contains(word))
        << "'" << word << "' is not in: " << text.str();
}

/// Checks that `expected` is an error that contains every word.
template <typename T>
void expectRefusal(llvm::Expected<T> expected,
                   std::initializer_list<const char *> words) {
  ASSERT_FALSE(static_cast<bool>(expected));
  expectWords(llvm::toString(expected.takeError()), words);
}

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_IMPORT_TESTIMPORT_H
