#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "blueprint/document_set.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

void CheckRuleNames(const Policy& policy, const Marks& marks, Report& report) {
  absl::flat_hash_map<std::string, Place> taken;
  for (const Rule& rule : policy.rules) {
    const Mark* mark = marks.Find(&rule.name);
    if (mark == nullptr || rule.name.empty()) continue;
    const auto [first, is_new] = taken.try_emplace(rule.name, mark->place());
    if (is_new) continue;
    const Place& place = first->second;
    report.Error(mark->place(), absl::StrCat("a second rule `", rule.name, "` in this policy"),
                 absl::StrCat("the first is at ", place.file, ":", place.line, ":", place.column,
                              ": give each a name of its own"));
  }
}

// Every scope that a request can be about.
std::vector<std::string> KnownScopes(const DocumentSet& set) {
  std::vector<std::string> scopes;
  const auto add = [&](const std::vector<std::string>& more) {
    scopes.insert(scopes.end(), more.begin(), more.end());
  };
  for (const auto& api : set.apis) {
    add(api->scopes);
    add(api->roles);
  }
  for (const auto& blueprint : set.blueprints) {
    for (const Allowance& allowance : blueprint->allow) add(allowance.accept);
  }
  std::ranges::sort(scopes);
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
  return scopes;
}

// A scope that nothing exposes is a typo, and its rule would never apply.
class ScopeCheck {
 public:
  ScopeCheck(const DocumentSet& set, Report& report)
      : marks_(set.marks), known_(KnownScopes(set)), report_(report) {}

  void Check(const Rule& rule) {
    for (const std::optional<Condition>* condition : {&rule.when, &rule.unless}) {
      if (!condition->has_value()) continue;
      const Match& scopes = (*condition)->scopes;
      for (const auto* list : {&scopes.any, &scopes.all, &scopes.none}) Check(*list);
    }
    Check(rule.then.only_scopes);
    Check(rule.then.without_scopes);
  }

 private:
  void Check(const std::vector<std::string>& scopes) {
    for (const std::string& scope : scopes) {
      if (std::ranges::binary_search(known_, scope) || report_.full()) continue;
      report_.Error(marks_.Find(&scopes)->Item(scope).place(),
                    absl::StrCat("no Api exposes the scope ", Quote(scope)),
                    Suggest(scope, known_));
    }
  }

  const Marks& marks_;
  const std::vector<std::string> known_;
  Report& report_;
};

}  // namespace

void CheckPolicies(const DocumentSet& set, Report& report) {
  const bool scopes_known = set.Whole("Api") && set.Whole("Blueprint");
  ScopeCheck scopes(set, report);
  for (const auto& policy : set.policies) {
    CheckRuleNames(*policy, set.marks, report);
    for (const Rule& rule : policy->rules) {
      if (scopes_known) scopes.Check(rule);
    }
  }
}

}  // namespace behalf::loader
