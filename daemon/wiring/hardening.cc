#include "daemon/wiring/hardening.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "daemon/process/memory_lock.h"
#include "daemon/process/sanitized.h"
#include "daemon/process/system_call_filter.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

absl::Status Apply(const Hardening& hardening, std::string_view name, std::string_view without_it,
                   absl::Status (*apply)()) {
  const std::vector<std::string> without = WithoutOf(hardening);
  if (std::ranges::find(without, name) != without.end()) {
    spdlog::warn("hardening without {}: {}", name, without_it);
    return absl::OkStatus();
  }
  const absl::Status applied = apply();
  if (applied.ok()) return applied;
  return absl::FailedPreconditionError(
      absl::StrCat(applied.message(), "; to do without, write `hardening: {without: [",
                   std::string(name), "]}` in the Daemon document"));
}

}  // namespace

std::vector<std::string> WithoutOf(const Hardening& hardening) {
  if (!kSanitized) return hardening.without;
  return {std::string(kMemoryLock), std::string(kSeccomp)};
}

absl::Status KeepInMemory(const Hardening& hardening) {
  return Apply(hardening, kMemoryLock, "secrets can be swapped out to the disk", LockMemory);
}

absl::Status HoldToSystemCalls(const Hardening& hardening) {
  return Apply(hardening, kSeccomp, "the kernel is open to whoever takes over the daemon",
               FilterSystemCalls);
}

}  // namespace behalf
