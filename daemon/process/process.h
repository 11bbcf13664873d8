// The process itself: what it must not leak, and the signals it obeys.
#pragma once

#include <csignal>

#include "absl/time/time.h"

namespace behalf {

// To be called first in main, before any thread exists. Forbids core files and
// inspection by other processes of the user, and keeps broken pipes and file
// size limits from ending the process.
void HardenProcess();

// The signals of a daemon, taken one at a time instead of by handlers. Made
// before any thread exists, so that all threads leave these signals to it.
class Signals {
 public:
  Signals();

  // The next of SIGTERM, SIGINT, SIGHUP, SIGUSR1; 0 when `timeout` passes first.
  int Wait(absl::Duration timeout) const;

 private:
  sigset_t set_;
};

}  // namespace behalf
