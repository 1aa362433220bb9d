// Files of schedules.
#include "compiler/Schedule/ScheduleFile.h"

#include "dialect/IR/MobileOneAttrs.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mobileone;

void mobileone::writeSchedules(raw_ostream &os,
                               ArrayRef<KernelSchedules> kernels) {
  os << "{\n";
  llvm::interleave(
      kernels, os,
      [&](const KernelSchedules &kernel) {
        if (kernel.bandRows)
          os << "  // bands of " << kernel.bandRows << " rows\n";
        StringRef name = kernel.name;
        bool isPlain = !name.empty() && !llvm::isDigit(name.front()) &&
                       llvm::all_of(name, [](char c) {
                         return llvm::isAlnum(c) || c == '_';
                       });
        // Another name stands in quotes, as an attribute is printed.
        os << "  ";
        if (isPlain)
          os << name;
        else
          os << kernel.name;
        os << " = " << kernel.schedules;
      },
      ",\n");
  os << "\n}\n";
}

FailureOr<DictionaryAttr>
mobileone::readSchedules(StringRef file, const IsaLevel &level, Location loc) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return emitError(loc) << file << ": expects a readable file, but got "
                          << buffer.getError().message();
  StringRef first = (*buffer)->getBuffer().split('\n').first;
  if (first.consume_front(kSchedulesOf)) {
    StringRef name =
        first.take_while([](char c) { return llvm::isAlnum(c) || c == '-'; });
    if (name != level.name)
      return emitError(loc) << file << ": expects schedules for " << level.name
                            << ", but got those for " << name;
  }
  // As the attribute of an op: comments may stand anywhere, and the parser's
  // errors name file and line.
  std::string op = ("module attributes {" + kScheduleAttr + " = " +
                    (*buffer)->getBuffer() + "\n} {}")
                       .str();
  auto parsed = parseSourceString<ModuleOp>(
      op, ParserConfig(loc.getContext(), /*verifyAfterParse=*/false), file);
  auto attr = parsed ? (*parsed)->getAttrOfType<DictionaryAttr>(kScheduleAttr)
                     : nullptr;
  // Nothing that ends the attribute early.
  if (!attr || (*parsed)->getAttrs().size() != 1 || !parsed->getBody()->empty())
    return emitError(loc)
           << file << ": expects {kernel = [#mobileone.schedule<...>], ...}";
  return attr;
}
