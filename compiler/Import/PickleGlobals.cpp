// The list of callables that act.
#include "compiler/Import/PickleGlobals.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mobileone;

namespace {
/// Functions of modules. A name that ends in '*' stands for all that begin so.
struct Acts {
  StringLiteral modules;
  StringLiteral names;
};
} // namespace

static constexpr Acts kActs[] = {
    {"builtins __builtin__",
     "eval exec execfile compile open file __import__ input raw_input getattr "
     "setattr delattr globals locals vars breakpoint exit quit help"},
    {"os posix nt",
     "system popen* exec* spawn* posix_spawn* fork* startfile kill* abort "
     "_exit "
     "remove* unlink rename* replace rmdir mkdir makedirs chmod lchmod fchmod "
     "chown lchown fchown link symlink truncate ftruncate mkfifo mknod open "
     "fdopen write writev putenv unsetenv set* chdir fchdir chroot dup* pipe* "
     "environ"},
    {"subprocess", "Popen call check_call check_output run getoutput "
                   "getstatusoutput"},
    {"commands popen2", "getoutput getstatusoutput popen*"},
    {"pty", "spawn fork openpty"},
    {"runpy", "*"},
    {"importlib importlib._bootstrap importlib._bootstrap_external imp",
     "import_module __import__ reload load_* _load* _gcd_import exec_module"},
    {"zipimport pkgutil", "zipimporter load_module find_loader get_loader"},
    {"ctypes",
     "CDLL PyDLL WinDLL OleDLL LibraryLoader cdll windll oledll pydll "
     "pythonapi CFUNCTYPE PYFUNCTYPE WINFUNCTYPE memmove memset "
     "string_at cast"},
    {"_ctypes", "dlopen call_function call_cdeclfunction LoadLibrary"},
    {"shutil", "rmtree move copy* chown make_archive unpack_archive"},
    {"socket _socket", "socket create_connection create_server socketpair "
                       "fromfd"},
    {"urllib urllib2", "urlopen urlretrieve"},
    {"urllib.request", "urlopen urlretrieve build_opener Request"},
    {"requests requests.api", "get post put delete head patch request"},
    {"webbrowser", "*"},
    {"sys", "exit modules settrace setprofile addaudithook breakpointhook "
            "_getframe meta_path path_hooks"},
    {"code codeop", "interact Interactive* compile_command"},
    {"pdb bdb", "run* set_trace Pdb Bdb"},
    {"timeit trace cProfile profile", "timeit repeat Timer Trace run runctx "
                                      "Profile"},
    {"pip pip._internal", "main"},
    {"pickle _pickle cPickle dill cloudpickle joblib marshal shelve",
     "load loads open Unpickler"},
    {"torch", "load"},
    {"torch.hub", "load*"},
    {"torch.utils.cpp_extension", "load*"},
    {"types", "FunctionType CodeType"},
    {"asyncio asyncio.subprocess", "create_subprocess_* run"},
    {"multiprocessing multiprocessing.context", "Process Pool"},
    {"platform", "popen _syscmd_*"},
};

static bool matches(StringRef pattern, StringRef name) {
  return pattern.consume_back("*") ? name.starts_with(pattern)
                                   : pattern == name;
}

static bool acts(StringRef module, StringRef name) {
  return any_of(kActs, [&](const Acts &list) {
    return is_contained(split(list.modules, ' '), module) &&
           any_of(split(list.names, ' '),
                  [&](StringRef pattern) { return matches(pattern, name); });
  });
}

bool mobileone::isHostileGlobal(StringRef global) {
  // Every module holds those that it imports: "shutil.os.system" is os.system.
  static constexpr StringLiteral kImported[] = {
      "builtins", "__builtin__", "os",       "posix",
      "nt",       "subprocess",  "importlib"};
  bool isWhole = true;
  for (StringRef rest = global; !rest.empty(); isWhole = false) {
    for (size_t dot = rest.find('.'); dot != StringRef::npos;
         dot = rest.find('.', dot + 1)) {
      StringRef module = rest.take_front(dot);
      StringRef name = rest.substr(dot + 1).split('.').first;
      if ((isWhole || is_contained(kImported, module)) && acts(module, name))
        return true;
    }
    rest = rest.split('.').second;
  }
  return false;
}
