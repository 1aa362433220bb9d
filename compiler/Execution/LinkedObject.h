// Links an object file into this process.
#ifndef MOBILEONE_COMPILER_EXECUTION_LINKEDOBJECT_H
#define MOBILEONE_COMPILER_EXECUTION_LINKEDOBJECT_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace mobileone {

/// An object linked by JITLink: the bytes that run are the very bytes that an
/// app links. It may call nothing but memcpy, memmove and memset.
class LinkedObject {
public:
  static llvm::Expected<LinkedObject>
  link(std::unique_ptr<llvm::MemoryBuffer> object);
  LinkedObject(LinkedObject &&);
  LinkedObject &operator=(LinkedObject &&);
  ~LinkedObject();

  /// Finds the function called `name`, which stays as long as this lives.
  template <typename Function>
  llvm::Error find(const llvm::Twine &name, Function *&function) {
    llvm::Expected<void *> address = findAddress(name.str());
    if (!address)
      return address.takeError();
    function = reinterpret_cast<Function *>(*address);
    return llvm::Error::success();
  }

private:
  struct Session;
  explicit LinkedObject(std::unique_ptr<Session> session);
  llvm::Expected<void *> findAddress(llvm::StringRef name);

  std::unique_ptr<Session> session;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_EXECUTION_LINKEDOBJECT_H
