#include "daemon/process/environment.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "daemon/process/sanitized.h"

namespace behalf {
namespace {

constexpr auto kRead = std::to_array<std::string_view>(
    {"CREDENTIALS_DIRECTORY", "LISTEN_FDNAMES", "LISTEN_FDS", "LISTEN_PID", "NOTIFY_SOCKET"});

// A sanitizer looks for its symbolizer when it reports.
constexpr auto kReadBySanitizers = std::to_array<std::string_view>(
    {"ASAN_OPTIONS", "ASAN_SYMBOLIZER_PATH", "LSAN_OPTIONS", "PATH", "TSAN_OPTIONS",
     "TSAN_SYMBOLIZER_PATH", "UBSAN_OPTIONS", "UBSAN_SYMBOLIZER_PATH"});

bool IsRead(std::string_view name) {
  return std::ranges::find(kRead, name) != kRead.end() ||
         (kSanitized && std::ranges::find(kReadBySanitizers, name) != kReadBySanitizers.end());
}

bool IsProxy(std::string_view name) {
  const std::string lower = absl::AsciiStrToLower(absl::string_view(name.data(), name.size()));
  return lower.ends_with("_proxy");
}

}  // namespace

std::vector<std::string> ScrubEnvironment() {
  std::vector<std::pair<std::string, std::string>> kept;
  std::vector<std::string> dropped;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('='));
    if (IsRead(name) && name.size() < text.size()) {
      kept.emplace_back(name, text.substr(name.size() + 1));
    } else {
      dropped.emplace_back(name);
    }
  }
  clearenv();
  for (const auto& [name, value] : kept) setenv(name.c_str(), value.c_str(), 1);
  return dropped;
}

void LogScrubbed(const std::vector<std::string>& names) {
  spdlog::debug("taken out of the environment: {}", absl::StrJoin(names, ", "));
  for (const std::string& name : names) {
    if (!IsProxy(name)) continue;
    spdlog::warn("{} is not obeyed: `proxy` of a Provider says how it is reached", name);
  }
}

}  // namespace behalf
