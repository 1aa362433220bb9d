// Signals and standard streams.
#include "ToolProcess.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <unistd.h>

using namespace llvm;

/// For the handler that runs at the end.
static StringRef toolName;

/// Flushes what goes to the standard output, whichever way, and ends the
/// process with an error if it did not get there.
static void finishStandardOutput() {
  std::error_code code;
  outs().flush();
  if (outs().has_error()) {
    code = outs().error();
    outs().clear_error(); // else its destructor aborts
  }
  errno = EIO;
  if (!std::cout.flush() || std::fflush(stdout) != 0 || std::ferror(stdout))
    code = std::error_code(errno, std::generic_category());
  // Whoever closed a pipe wants no more, and no message. Nobody sees what could
  // not be written to the standard error.
  if (code && code != std::errc::broken_pipe)
    WithColor::error(errs(), toolName)
        << "standard output: cannot be written: " << code.message() << '\n';
  errs().clear_error();
  if (code)
    std::_Exit(EXIT_FAILURE);
}

mobileone::ToolProcess::ToolProcess(StringRef name, int &argc, char **&argv) {
  toolName = name;
  // Without a standard output nothing may take its number, and what is written
  // there must fail.
  if (fcntl(STDOUT_FILENO, F_GETFD) < 0) {
    int none = open("/dev/null", O_RDONLY);
    if (none >= 0 && none != STDOUT_FILENO) {
      dup2(none, STDOUT_FILENO);
      close(none);
    }
  }
  SmallVector<int> ignored = {SIGPIPE};
#ifdef SIGXFSZ
  ignored.push_back(SIGXFSZ);
#endif
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR2}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 &&
        action.sa_handler == SIG_IGN)
      ignored.push_back(signal);
  }
  // LLVM takes all signals, also those that the caller ignores. One that comes
  // before they are ignored again must wait, or LLVM's handler ends the tool.
  sigset_t waiting, before;
  sigemptyset(&waiting);
  for (int signal : ignored)
    sigaddset(&waiting, signal);
  pthread_sigmask(SIG_BLOCK, &waiting, &before);
  llvm.emplace(argc, argv, /*InstallPipeSignalExitHandler=*/false);
  for (int signal : ignored)
    std::signal(signal, SIG_IGN);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  // Before the destructors of these streams, also after exit().
  (void)outs();
  (void)errs();
  static std::ios_base::Init standardStreams;
  std::atexit(finishStandardOutput);
}
