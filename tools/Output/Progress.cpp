// How far a run is, on a terminal.
#include "tools/Output/Progress.h"

#include "llvm/Support/Process.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <utility>

using namespace llvm;
using namespace mobileone;

/// Columns of the line that are written. Signal handlers read it.
static volatile std::sig_atomic_t written = 0;

static void write(const char *text, size_t size) {
  // Nobody sees what cannot be written.
  [[maybe_unused]] ssize_t ignored = ::write(STDERR_FILENO, text, size);
}

void Progress::clear() {
  const int columns = written;
  if (columns == 0)
    return;
  written = 0;
  write("\r", 1);
  for (int column = 0; column < columns; ++column)
    write(" ", 1);
  write("\r", 1);
}

namespace {

/// Those by which a user ends a process, and what they did before.
struct Ending {
  int signal;
  struct sigaction before;
  bool isTaken;
};

} // namespace

static std::array<Ending, 4> endings{{{SIGINT, {}, false},
                                      {SIGTERM, {}, false},
                                      {SIGHUP, {}, false},
                                      {SIGQUIT, {}, false}}};

static void giveBackSignals() {
  for (Ending &ending : endings)
    if (std::exchange(ending.isTaken, false))
      sigaction(ending.signal, &ending.before, nullptr);
}

/// Clears the line and has the signal do what it did before.
static void clearAndEnd(int signal) {
  Progress::clear();
  giveBackSignals();
  raise(signal); // once this has returned
}

/// What the caller of the process ignores stays so.
static void takeSignals() {
  for (Ending &ending : endings) {
    if (ending.isTaken || sigaction(ending.signal, nullptr, &ending.before) ||
        ending.before.sa_handler == SIG_IGN)
      continue;
    struct sigaction action = {};
    action.sa_handler = clearAndEnd;
    sigfillset(&action.sa_mask);
    ending.isTaken = sigaction(ending.signal, &action, nullptr) == 0;
  }
}

static bool canRewriteLines() {
  const char *terminal = std::getenv("TERM");
  return sys::Process::StandardErrIsDisplayed() && terminal && *terminal &&
         std::strcmp(terminal, "dumb") != 0;
}

Progress::Progress() : isVisible(canRewriteLines()) {
  if (isVisible)
    takeSignals();
}

Progress::~Progress() {
  clear();
  giveBackSignals();
}

void Progress::show(StringRef text) {
  if (!isVisible)
    return;
  // The last column of a terminal may begin a new line; 0: nobody knows.
  const unsigned columns = sys::Process::StandardErrColumns();
  text = text.take_front(columns > 1 ? columns - 1 : 79);
  std::string line = "\r" + text.str();
  const size_t before = written;
  if (before > text.size())
    line.append(before - text.size(), ' ').append(before - text.size(), '\b');
  // First, so that a signal in between clears enough.
  written = static_cast<int>(std::max(before, text.size()));
  write(line.data(), line.size());
  written = static_cast<int>(text.size());
}
