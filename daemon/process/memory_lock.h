// Keeps the memory of the process out of swap.
#pragma once

#include "absl/status/status.h"

namespace behalf {

// Locks all that the process has in memory and all that it will ever have,
// buffers of libraries included; a page counts once it was touched, so that
// nothing is used that was not used before. Refuses, with a sentence for the
// operator, where a limit would have the process fail for want of memory later:
// RLIMIT_MEMLOCK has to be unlimited, or CAP_IPC_LOCK there.
absl::Status LockMemory();

}  // namespace behalf
