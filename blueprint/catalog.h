// The validated set of all documents in force. Immutable, hence thread-safe;
// a request holds one by shared_ptr and sees nothing else.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "blueprint/documents.h"
#include "blueprint/peer_index.h"
#include "blueprint/policy.h"
#include "blueprint/rule_index.h"

namespace behalf {

class CatalogBuilder;

class Catalog {
 public:
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  // Hex SHA-256 over the meaning of all documents: the same for any order of
  // files, documents and keys, and for any comments.
  const std::string& digest() const;

  // Null where the set holds no Daemon document.
  const DaemonSpec* daemon() const;

  std::span<const std::unique_ptr<const Provider>> providers() const;
  std::span<const std::unique_ptr<const Api>> apis() const;
  std::span<const std::unique_ptr<const Tool>> tools() const;
  std::span<const std::unique_ptr<const Blueprint>> blueprints() const;
  std::span<const std::unique_ptr<const Policy>> policies() const;

  // Look-ups by name; null when there is none. Agents are named uniquely in
  // the whole catalog.
  const Agent* FindAgent(std::string_view name) const;
  const Api* FindApi(std::string_view name) const;
  const Tool* FindTool(std::string_view name) const;

  // All agents, or tools, of which a selector matches the peer; their number
  // does not depend on the catalog's size, nor does the cost.
  std::vector<const Agent*> AgentsOf(const UnixPeer& peer) const;
  std::vector<const Tool*> ToolsOf(const UnixPeer& peer) const;
  bool IsAdmin(const UnixPeer& peer) const;

  // The allowance of the agent for this tool (null: itself), API and access;
  // null when there is none. At most one exists.
  const Allowance* FindAllowance(const Agent& agent, const Tool* tool, const Api& api,
                                 Access access) const;

  // The rules that may apply to this agent and its allowance, as far as the
  // documents alone can tell; in the order of their places' names.
  std::span<const RuleInForce> RulesFor(const Agent& agent, const Allowance& allowance) const;

  // Whether the peer could be one of the agent's processes. Unlike AgentsOf
  // the socket counts only where it is isolated: a process may open any
  // socket that it can reach.
  bool CouldBe(const Agent& agent, const UnixPeer& peer) const;

 private:
  friend class CatalogBuilder;  // of the loader: nothing else makes catalogs
  Catalog() = default;

  template <class T>
  using ByName = absl::flat_hash_map<std::string, const T*>;
  using AllowanceKey = std::tuple<const Blueprint*, const Tool*, const Api*, Access>;

  std::string digest_;
  std::unique_ptr<const DaemonSpec> daemon_;
  std::vector<std::unique_ptr<const Provider>> providers_;
  std::vector<std::unique_ptr<const Api>> apis_;
  std::vector<std::unique_ptr<const Tool>> tools_;
  std::vector<std::unique_ptr<const Blueprint>> blueprints_;
  std::vector<std::unique_ptr<const Policy>> policies_;

  ByName<Agent> agents_by_name_;
  ByName<Api> apis_by_name_;
  ByName<Tool> tools_by_name_;
  absl::flat_hash_map<AllowanceKey, const Allowance*> allowances_;
  RuleIndex rules_;
  PeerIndex<Agent> agents_by_peer_;
  PeerIndex<Tool> tools_by_peer_;
  PeerIndex<DaemonSpec> admins_by_peer_;
  absl::flat_hash_set<std::string> isolated_sockets_;
  uid_t overflow_uid_ = 65534;
};

}  // namespace behalf
