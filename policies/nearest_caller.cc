#include "policies/nearest_caller.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// How many agents, and how many tools, are looked at for one on the same
// socket.
constexpr std::size_t kMostLookedAt = 256;

// Smaller is nearer.
enum class Distance : std::uint8_t { kSameAccount, kSameSocket, kFar };

Distance DistanceOf(const UnixSelector& selector, const UnixPeer& peer) {
  if (AccountMatches(selector, peer)) return Distance::kSameAccount;
  return selector.socket == peer.socket ? Distance::kSameSocket : Distance::kFar;
}

struct Nearest {
  Distance distance = Distance::kFar;
  const UnixSelector* selector = nullptr;
  const Agent* agent = nullptr;  // null: a tool's

  void Consider(const std::vector<UnixSelector>& callers, const Agent* owner,
                const UnixPeer& peer) {
    for (const UnixSelector& candidate : callers) {
      const Distance at = DistanceOf(candidate, peer);
      if (at < distance) *this = {at, &candidate, owner};
    }
  }
};

// The same account elsewhere is found by look-ups, socket by socket.
template <typename Consider>
void ForEachSocket(const Catalog& catalog, const UnixPeer& peer, const Consider& consider) {
  if (catalog.daemon() == nullptr) return;
  for (const Socket& socket : catalog.daemon()->sockets) {
    consider(UnixPeer{.socket = socket.name, .uid = peer.uid, .groups = peer.groups});
  }
}

void ConsiderAgents(const Catalog& catalog, const UnixPeer& peer, Nearest& nearest) {
  ForEachSocket(catalog, peer, [&](const UnixPeer& elsewhere) {
    for (const Agent* agent : catalog.AgentsOf(elsewhere)) {
      nearest.Consider(agent->callers, agent, peer);
    }
  });
  std::size_t left = kMostLookedAt;
  for (const auto& blueprint : catalog.blueprints()) {
    for (const Agent& agent : blueprint->agents) {
      if (left-- == 0) return;
      nearest.Consider(agent.callers, &agent, peer);
    }
  }
}

void ConsiderTools(const Catalog& catalog, const UnixPeer& peer, Nearest& nearest) {
  ForEachSocket(catalog, peer, [&](const UnixPeer& elsewhere) {
    for (const Tool* tool : catalog.ToolsOf(elsewhere)) {
      nearest.Consider(tool->callers, nullptr, peer);
    }
  });
  std::size_t left = kMostLookedAt;
  for (const auto& tool : catalog.tools()) {
    if (left-- == 0) return;
    nearest.Consider(tool->callers, nullptr, peer);
  }
}

// Whether not even a selector of its very own matches the account.
bool IsNobody(const Catalog& catalog, const UnixPeer& peer) {
  UnixSelector own;
  own.socket = peer.socket;
  own.user = std::to_string(peer.uid);
  own.uid = peer.uid;
  Agent agent;
  agent.callers = {own};
  return !catalog.CouldBe(agent, peer);
}

bool IsForAdmins(const Catalog& catalog, std::string_view socket) {
  const DaemonSpec* daemon = catalog.daemon();
  return daemon != nullptr && std::ranges::any_of(daemon->admins, [&](const UnixSelector& admin) {
           return admin.socket == socket;
         });
}

}  // namespace

const UnixSelector* NearestSelector(const Catalog& catalog, const UnixPeer& peer) {
  Nearest nearest;
  ConsiderAgents(catalog, peer, nearest);
  ConsiderTools(catalog, peer, nearest);
  return nearest.selector;
}

const Agent* NearestAgent(const Catalog& catalog, const UnixPeer& peer, std::string_view name) {
  if (!name.empty()) return catalog.FindAgent(name);
  Nearest nearest;
  ConsiderAgents(catalog, peer, nearest);
  return nearest.agent;
}

bool CannotBeAnAgent(const Catalog& catalog, const UnixPeer& peer) {
  if (IsNobody(catalog, peer) || IsForAdmins(catalog, peer.socket)) return true;
  return std::ranges::any_of(catalog.tools(), [&](const auto& tool) {
    return tool->separation == Separation::kRequired &&
           std::ranges::any_of(tool->callers, [&](const UnixSelector& selector) {
             return AccountMatches(selector, peer);
           });
  });
}

std::string SelectorOf(const UnixPeer& peer) {
  return absl::StrCat("unix: {socket: ", View(peer.socket), ", user: \"", peer.uid, "\"}");
}

std::string Describe(const UnixSelector& selector) {
  std::string text = absl::StrCat("{socket: ", selector.socket);
  if (!selector.user.empty()) absl::StrAppend(&text, ", user: ", selector.user);
  if (!selector.group.empty()) absl::StrAppend(&text, ", group: ", selector.group);
  const Place& place = selector.place;
  return absl::StrCat(text, "} at ", place.file, ":", place.line);
}

}  // namespace behalf
