// Errors and remarks as text.
#include "Diagnostics.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "tools/Output/Progress.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mobileone;

static constexpr llvm::StringLiteral kTool = "mobileone-opt";

LogicalResult mobileone::fail(const llvm::Twine &message) {
  Progress::clear();
  llvm::WithColor::error(llvm::errs(), kTool) << message << '\n';
  return failure();
}

LogicalResult mobileone::fail(llvm::Error error) {
  return fail(llvm::toString(std::move(error)));
}

static raw_ostream &begin(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return llvm::WithColor::error(llvm::errs(), kTool);
  case DiagnosticSeverity::Warning:
    return llvm::WithColor::warning(llvm::errs(), kTool);
  case DiagnosticSeverity::Remark:
    return llvm::WithColor::remark(llvm::errs(), kTool);
  case DiagnosticSeverity::Note:
    break;
  }
  return llvm::WithColor::note();
}

/// A layer, or a file and perhaps a line of it.
static void printLocation(raw_ostream &os, Location location) {
  if (auto layer = location->findInstanceOf<NameLoc>()) {
    os << layer.getName().getValue() << ": ";
  } else if (auto file = location->findInstanceOf<FileLineColLoc>()) {
    os << file.getFilename().getValue() << ':';
    if (file.getLine())
      os << file.getLine() << ':' << file.getColumn() << ':';
    os << ' ';
  }
}

static void print(Diagnostic &diagnostic) {
  raw_ostream &os = begin(diagnostic.getSeverity());
  printLocation(os, diagnostic.getLocation());
  os << diagnostic << '\n';
  for (Diagnostic &note : diagnostic.getNotes())
    print(note);
}

CompileDiagnosticHandler::CompileDiagnosticHandler(llvm::SourceMgr &sources,
                                                   MLIRContext *context)
    : SourceMgrDiagnosticHandler(sources, context) {
  setHandler([this, &sources](Diagnostic &diagnostic) {
    Progress::clear();
    // A checkpoint has no lines, and neither has what the request is.
    if (sources.getNumBuffers() == 0 ||
        isa<UnknownLoc>(diagnostic.getLocation()))
      print(diagnostic);
    else
      emitDiagnostic(diagnostic);
  });
}
