#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "blueprint/document_set.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

std::string Where(const Place& place) {
  return absl::StrCat(place.file, ":", place.line, ":", place.column);
}

void CheckSockets(const DaemonSpec& daemon, Report& report) {
  absl::flat_hash_map<std::string, const Socket*> names, listeners;
  for (const Socket& socket : daemon.sockets) {
    const auto once = [&](auto& taken, const std::string& key, std::string_view what) {
      const auto [first, is_new] = taken.try_emplace(key, &socket);
      if (is_new) return;
      report.Error(socket.place, absl::StrCat("a second socket has this ", std::string(what)),
                   absl::StrCat("the first is at ", Where(first->second->place)));
    };
    if (!socket.name.empty()) once(names, socket.name, "name");
    if (!socket.path.empty()) once(listeners, socket.path, "path");
    if (!socket.systemd.empty()) once(listeners, "systemd:" + socket.systemd, "descriptor");
  }
}

class DirectoryCheck {
 public:
  DirectoryCheck(const std::vector<DirectoryRule>& rules, Report& report)
      : rules_(rules), report_(report) {}

  void CheckDocument(const Entry& entry) {
    const DirectoryRule* rule = RuleFor(entry.place.file);
    if (rule == nullptr) {
      report_.Error(entry.place, "no `directories` of the Daemon document covers this file",
                    "move it below one of them, or add its directory there");
      return;
    }
    if (!std::binary_search(rule->kinds.begin(), rule->kinds.end(), entry.kind)) {
      report_.Error(entry.place, absl::StrCat("no ", entry.kind, " may be defined here"),
                    absl::StrCat("the rule at ", Where(rule->place), " allows ",
                                 absl::StrJoin(rule->kinds, ", ")));
    }
    CheckName(entry.name, entry.place, *rule);
  }

  void CheckAgent(const Agent& agent) {
    const DirectoryRule* rule = RuleFor(agent.place.file);
    if (rule != nullptr) CheckName(agent.name, agent.place, *rule);
  }

 private:
  void CheckName(const std::string& name, const Place& place, const DirectoryRule& rule) {
    if (name.empty() || name.starts_with(rule.prefix)) return;
    report_.Error(place, absl::StrCat("the name `", name, "` must start with `", rule.prefix, "`"),
                  absl::StrCat("the rule at ", Where(rule.place), " says so for this directory"));
  }

  // The innermost directory's rule.
  const DirectoryRule* RuleFor(const std::string& file) const {
    const DirectoryRule* innermost = nullptr;
    const std::string path = Normal(file);
    for (const DirectoryRule& rule : rules_) {
      const std::string below = Normal(rule.path);
      if (!IsBelow(path, below)) continue;
      if (innermost == nullptr || below.size() > Normal(innermost->path).size()) innermost = &rule;
    }
    return innermost;
  }

  static bool IsBelow(const std::string& path, const std::string& directory) {
    if (directory.empty()) return !path.starts_with("..") && !path.starts_with('/');
    if (!path.starts_with(directory)) return false;
    return directory.ends_with('/') || path[directory.size()] == '/';
  }

  // Without `.`, `..`, double and trailing slashes.
  static std::string Normal(const std::string& path) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      const std::string part = path.substr(begin, end - begin);
      begin = end + 1;
      if (part.empty() || part == ".") continue;
      if (part == ".." && !parts.empty() && parts.back() != "..") {
        parts.pop_back();
      } else {
        parts.push_back(part);
      }
    }
    return absl::StrCat(path.starts_with('/') ? "/" : "", absl::StrJoin(parts, "/"));
  }

  const std::vector<DirectoryRule>& rules_;
  Report& report_;
};

void CheckRequiredPolicies(const DocumentSet& set, const DaemonSpec& daemon, Report& report) {
  std::vector<std::string> names;
  for (const auto& policy : set.policies) names.push_back(policy->name);
  for (const std::string& required : daemon.policies) {
    if (std::ranges::find(names, required) != names.end()) continue;
    report.Error(
        set.marks.Find(&daemon.policies)->Item(required).place(),
        absl::StrCat("there is no Policy `", required, "`, and the Daemon document requires it"),
        Suggest(required, names));
  }
}

}  // namespace

void CheckDaemon(const DocumentSet& set, Report& report) {
  for (std::size_t i = 1; i < set.daemons.size(); ++i) {
    report.Error(set.daemons[i]->place, "a second Daemon document",
                 absl::StrCat("the first is at ", Where(set.daemons[0]->place),
                              ": a set holds one at most"));
  }
  for (const auto& daemon : set.daemons) {
    CheckSockets(*daemon, report);
    if (set.complete) CheckRequiredPolicies(set, *daemon, report);
  }
}

void CheckDirectories(const DocumentSet& set, Report& report) {
  if (set.daemons.size() != 1 || set.daemons[0]->directories.empty()) return;
  DirectoryCheck check(set.daemons[0]->directories, report);
  for (const Entry& entry : set.entries) {
    if (entry.kind != "Daemon") check.CheckDocument(entry);
  }
  for (const auto& blueprint : set.blueprints) {
    for (const Agent& agent : blueprint->agents) check.CheckAgent(agent);
  }
}

}  // namespace behalf::loader
