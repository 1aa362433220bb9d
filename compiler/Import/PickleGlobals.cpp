// The list of callables that act.
#include "compiler/Import/PickleGlobals.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;
using namespace mobileone;

namespace {
/// Functions of modules. A name that ends in '*' stands for all that begin so.
struct Acts {
  StringLiteral modules;
  StringLiteral names;
};
} // namespace

/// Not getattr, by which Python 3.11 pickles members of an enum: it acts only
/// with another global.
static constexpr Acts kActs[] = {
    {"builtins __builtin__",
     "eval exec execfile compile open file __import__ input raw_input setattr "
     "delattr globals locals vars breakpoint exit quit help"},
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
  static const StringMap<SmallVector<StringRef>> patternsOf = [] {
    StringMap<SmallVector<StringRef>> patterns;
    for (const Acts &list : kActs)
      for (StringRef module : split(list.modules, ' '))
        append_range(patterns[module], split(list.names, ' '));
    return patterns;
  }();
  auto patterns = patternsOf.find(module);
  return patterns != patternsOf.end() &&
         any_of(patterns->second,
                [&](StringRef pattern) { return matches(pattern, name); });
}

bool mobileone::isHostileGlobal(StringRef global) {
  // Every module holds those that it imports: "shutil.os.system" is os.system.
  static constexpr StringLiteral kImported[] = {
      "builtins", "__builtin__", "os",       "posix",
      "nt",       "subprocess",  "importlib"};
  for (size_t dot = global.find('.'); dot != StringRef::npos;
       dot = global.find('.', dot + 1)) {
    StringRef module = global.take_front(dot);
    StringRef last = module.substr(module.rfind('.') + 1);
    StringRef name = global.substr(dot + 1).split('.').first;
    if (acts(module, name) ||
        (is_contained(kImported, last) && acts(last, name)))
      return true;
  }
  return false;
}
