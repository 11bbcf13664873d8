#include "blueprint/catalog.h"

#include <algorithm>

namespace behalf {
namespace {

template <class T>
const T* FindByName(const absl::flat_hash_map<std::string, const T*>& by_name,
                    std::string_view name) {
  const auto found = by_name.find(absl::string_view(name.data(), name.size()));
  return found == by_name.end() ? nullptr : found->second;
}

}  // namespace

bool AccountMatches(const UnixSelector& selector, const UnixPeer& peer) {
  if (selector.user.empty() && selector.group.empty()) return false;
  if (!selector.user.empty() && selector.uid != peer.uid) return false;
  if (selector.group.empty()) return true;
  return selector.gid &&
         std::find(peer.groups.begin(), peer.groups.end(), *selector.gid) != peer.groups.end();
}

const std::string& Catalog::digest() const { return digest_; }
const DaemonSpec* Catalog::daemon() const { return daemon_.get(); }

std::span<const std::unique_ptr<const Provider>> Catalog::providers() const { return providers_; }
std::span<const std::unique_ptr<const Api>> Catalog::apis() const { return apis_; }
std::span<const std::unique_ptr<const Tool>> Catalog::tools() const { return tools_; }
std::span<const std::unique_ptr<const Blueprint>> Catalog::blueprints() const {
  return blueprints_;
}

std::span<const std::unique_ptr<const Policy>> Catalog::policies() const { return policies_; }

const Agent* Catalog::FindAgent(std::string_view name) const {
  return FindByName(agents_by_name_, name);
}
const Api* Catalog::FindApi(std::string_view name) const { return FindByName(apis_by_name_, name); }
const Tool* Catalog::FindTool(std::string_view name) const {
  return FindByName(tools_by_name_, name);
}

std::vector<const Agent*> Catalog::AgentsOf(const UnixPeer& peer) const {
  if (peer.uid == overflow_uid_) return {};
  return agents_by_peer_.Match(peer);
}

std::vector<const Tool*> Catalog::ToolsOf(const UnixPeer& peer) const {
  if (peer.uid == overflow_uid_) return {};
  return tools_by_peer_.Match(peer);
}

bool Catalog::IsAdmin(const UnixPeer& peer) const {
  return peer.uid != overflow_uid_ && !admins_by_peer_.Match(peer).empty();
}

const Allowance* Catalog::FindAllowance(const Agent& agent, const Tool* tool, const Api& api,
                                        Access access) const {
  const auto found = allowances_.find(AllowanceKey{agent.blueprint, tool, &api, access});
  return found == allowances_.end() ? nullptr : found->second;
}

std::span<const RuleInForce> Catalog::RulesFor(const Agent& agent,
                                               const Allowance& allowance) const {
  return rules_.Find(agent, allowance);
}

bool Catalog::CouldBe(const Agent& agent, const UnixPeer& peer) const {
  if (peer.uid == overflow_uid_) return false;
  const absl::string_view here(peer.socket.data(), peer.socket.size());
  return std::any_of(agent.callers.begin(), agent.callers.end(), [&](const UnixSelector& selector) {
    const bool told_apart = selector.socket != peer.socket && isolated_sockets_.contains(here) &&
                            isolated_sockets_.contains(selector.socket);
    return !told_apart && AccountMatches(selector, peer);
  });
}

}  // namespace behalf
