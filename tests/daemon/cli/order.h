// What a test sets before a call the daemon's threads see, and what they leave
// behind the test sees afterwards: the socket between them orders it. gRPC is
// not instrumented, so ThreadSanitizer is shown that order by a mutex.
#pragma once

#include <mutex>

namespace behalf::cli {

// To be passed by whoever crosses the socket, before and after.
inline void CrossTheSocket() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
}

}  // namespace behalf::cli
