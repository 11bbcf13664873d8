#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "blueprint/document_set.h"

namespace behalf::loader {
namespace {

struct AgentSelector {
  const Agent* agent;
  const UnixSelector* selector;
};

// An account as far as this host knows it: by number, else by name, so that
// an overlap is found on hosts too that lack the accounts.
template <class Id>
std::string KeyOf(const std::string& name, const std::optional<Id>& id) {
  if (name.empty()) return {};
  return id ? absl::StrCat("#", *id) : name;
}

std::string UserOf(const UnixSelector& selector) { return KeyOf(selector.user, selector.uid); }
std::string GroupOf(const UnixSelector& selector) { return KeyOf(selector.group, selector.gid); }
bool ByGroupOnly(const UnixSelector& selector) { return selector.user.empty(); }
bool IsBroken(const UnixSelector& selector) {
  return selector.user.empty() && selector.group.empty();
}

// The agents' selectors, found by what a tool's selector could share with them.
class AgentAccounts {
 public:
  AgentAccounts(const DocumentSet& set, const HostAccounts& accounts) : accounts_(accounts) {
    for (const auto& blueprint : set.blueprints) {
      for (const Agent& agent : blueprint->agents) {
        for (const UnixSelector& selector : agent.callers) Add({&agent, &selector});
      }
    }
  }

  // All that one process could match together with the tool's selector, by
  // their accounts.
  std::vector<AgentSelector> SharedWith(const UnixSelector& tool) const {
    std::vector<AgentSelector> shared;
    if (IsBroken(tool)) return shared;
    if (ByGroupOnly(tool)) {
      Append(by_group_only_, GroupOf(tool), shared);
      Append(by_membership_, GroupOf(tool), shared);
      return shared;
    }
    Append(by_user_, UserOf(tool), shared);
    for (const std::string& group : GroupsOf(tool)) Append(by_group_only_, group, shared);
    return shared;
  }

 private:
  using Index = absl::flat_hash_map<std::string, std::vector<AgentSelector>>;

  void Add(AgentSelector entry) {
    const UnixSelector& selector = *entry.selector;
    if (IsBroken(selector)) return;
    if (ByGroupOnly(selector)) {
      by_group_only_[GroupOf(selector)].push_back(entry);
      return;
    }
    by_user_[UserOf(selector)].push_back(entry);
    for (const std::string& group : GroupsOf(selector)) by_membership_[group].push_back(entry);
  }

  // The groups that a process of this user is, or may be, in.
  absl::flat_hash_set<std::string> GroupsOf(const UnixSelector& selector) const {
    absl::flat_hash_set<std::string> groups;
    if (!selector.group.empty()) groups.insert(GroupOf(selector));
    if (!selector.uid) return groups;
    for (const gid_t gid : accounts_.GroupsOf(*selector.uid)) groups.insert(absl::StrCat("#", gid));
    return groups;
  }

  static void Append(const Index& index, const std::string& key, std::vector<AgentSelector>& to) {
    const auto found = index.find(key);
    if (found != index.end()) to.insert(to.end(), found->second.begin(), found->second.end());
  }

  const HostAccounts& accounts_;
  Index by_user_, by_group_only_, by_membership_;
};

class SeparationCheck {
 public:
  SeparationCheck(const DocumentSet& set, const HostAccounts& accounts, Report& report)
      : agents_(set, accounts), report_(report) {
    for (const auto& daemon : set.daemons) {
      for (const Socket& socket : daemon->sockets) {
        if (socket.isolated) isolated_.insert(socket.name);
      }
    }
  }

  void Check(const Tool& tool, const UnixSelector& selector) {
    std::vector<AgentSelector> shared = agents_.SharedWith(selector);
    std::erase_if(shared, [&](const AgentSelector& entry) {
      return ToldApartBySocket(selector.socket, entry.selector->socket);
    });
    if (shared.empty()) return;
    absl::flat_hash_set<const Agent*> agents;
    for (const AgentSelector& entry : shared) agents.insert(entry.agent);
    Tell(tool, selector, shared.front(), agents.size() - 1);
  }

 private:
  bool ToldApartBySocket(const std::string& a, const std::string& b) const {
    return a != b && isolated_.contains(a) && isolated_.contains(b);
  }

  void Tell(const Tool& tool, const UnixSelector& selector, const AgentSelector& entry,
            std::size_t others) {
    const Place& place = entry.selector->place;
    const std::string more = others == 0 ? "" : absl::StrCat(" and ", others, " other agents");
    report_.Error(selector.place,
                  absl::StrCat("one process could be the tool `", tool.name, "` and the agent `",
                               entry.agent->name, "` (", place.file, ":", place.line, ":",
                               place.column, ")", more),
                  "run them under different accounts, or, if the agent may hold the tool's tokens, "
                  "say `separation: none` in the Tool");
  }

  AgentAccounts agents_;
  Report& report_;
  absl::flat_hash_set<std::string> isolated_;
};

}  // namespace

void CheckSeparation(const DocumentSet& set, const HostAccounts& accounts, Report& report) {
  SeparationCheck check(set, accounts, report);
  for (const auto& tool : set.tools) {
    if (tool->separation == Separation::kNone) continue;
    for (const UnixSelector& selector : tool->callers) check.Check(*tool, selector);
  }
}

}  // namespace behalf::loader
