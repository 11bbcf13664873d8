#include "blueprint/daemon_rules.h"

#include <algorithm>
#include <array>

#include "blueprint/kinds.h"

namespace behalf {
namespace {

constexpr auto kReadAtTheStart = std::to_array<std::string_view>(
    {"audit", "hardening", "limits", "metrics", "sockets", "stateDirectory", "store", "traces"});

}  // namespace

bool IsAdminSocket(const DaemonSpec& daemon, std::string_view socket) {
  return std::any_of(daemon.admins.begin(), daemon.admins.end(),
                     [&](const UnixSelector& selector) { return selector.socket == socket; });
}

std::vector<std::string> KeysThatNeedARestart(const DaemonSpec& in_force, const DaemonSpec& next) {
  std::vector<std::string> keys = loader::DaemonMapping().Differences(in_force, next);
  std::erase_if(keys, [](const std::string& key) {
    return !std::binary_search(kReadAtTheStart.begin(), kReadAtTheStart.end(), key);
  });
  return keys;
}

}  // namespace behalf
