#include "daemon/process/memory_lock.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

rlimit HighestLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_MEMLOCK, &limit);
  return limit;
}

// A capability that counts in this user namespace only does not exempt, so that
// it is tried out: addresses beyond the limit, which take no memory.
bool IsExempt(const rlimit& limit) {
  const std::size_t size = limit.rlim_cur + static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const beyond =
      mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (beyond == MAP_FAILED) return false;
  const bool locked = mlock2(beyond, size, MLOCK_ONFAULT) == 0;
  munmap(beyond, size);
  return locked;
}

}  // namespace

absl::Status LockMemory() {
  const rlimit limit = HighestLimit();
  if (limit.rlim_cur != RLIM_INFINITY && !IsExempt(limit)) {
    return absl::FailedPreconditionError(
        absl::StrCat("at most ", limit.rlim_cur >> 10,
                     " KiB of memory may be locked, and all of it must be (LimitMEMLOCK=infinity "
                     "in a unit, or CAP_IPC_LOCK)"));
  }
  if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("memory cannot be locked: ", ::strerrordesc_np(errno)));
}

}  // namespace behalf
