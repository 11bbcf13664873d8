#include "policies/repair.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "policies/admit.h"
#include "policies/condition.h"
#include "policies/decide.h"
#include "policies/narrow.h"

namespace behalf {
namespace {

using Scopes = std::vector<std::string>;

Scopes Sorted(std::span<const std::string> scopes) {
  Scopes sorted(scopes.begin(), scopes.end());
  std::ranges::sort(sorted);
  sorted.erase(std::ranges::unique(sorted).begin(), sorted.end());
  return sorted;
}

void AddOnce(Scopes& sorted, std::string_view value) {
  const auto at = std::ranges::lower_bound(sorted, value);
  if (at == sorted.end() || *at != value) sorted.emplace(at, value);
}

Scopes Without(const Scopes& scopes, const Scopes& others) {
  Scopes left;
  std::ranges::set_difference(scopes, others, std::back_inserter(left));
  return left;
}

// Changes what a decision sees, step by step, as the edits would, and notes
// them. Everything changed is a copy of its own.
class Repairer {
 public:
  Repairer(const Catalog& catalog, const Facts& facts)
      : catalog_(catalog), facts_(facts), blueprint_(*facts.agent->blueprint) {
    scopes_ = Sorted(facts.scopes);
    facts_.scopes = scopes_;
  }

  Repair Run() {
    Restore();
    MendHost();
    const bool repaired = AdmitUser() && FindAllowance() && SatisfyRules();
    if (!repaired) return {.possible = false};
    return {.possible = true, .edits = std::move(edits_)};
  }

 private:
  void Note(EditKind kind, std::string item, std::vector<std::string> values = {},
            Place place = {}) {
    edits_.push_back({.kind = kind,
                      .item = std::move(item),
                      .values = std::move(values),
                      .place = std::move(place)});
  }

  void Restore() {
    if (!facts_.revoked.empty()) Note(EditKind::kRestore, facts_.revoked);
  }

  void MendHost() {
    if (facts_.disabled) Note(EditKind::kMendHost, blueprint_.name, {}, blueprint_.place);
  }

  bool AdmitUser() {
    if (facts_.access == Access::kApplication) return true;
    SubjectRules rules = blueprint_.subjects;
    while (const auto refused = RefuseUser(rules, facts_.user)) {
      if (!Admit(*refused, rules)) return false;
    }
    return true;
  }

  // Agent identities work inside the provider's tenant only, so that no list
  // of tenants would help.
  bool Admit(Reason refused, SubjectRules& rules) {
    const UserFacts& user = facts_.user;
    switch (refused) {
      case Reason::kSubjectAudience:
        return AddTo(rules.audiences, user.audience, EditKind::kAddAudience);
      case Reason::kSubjectClient:
        return AddTo(rules.clients, user.client, EditKind::kAddClient);
      case Reason::kSubjectScope:
        if (user.scopes.empty()) return false;
        return AddTo(rules.scopes, user.scopes.front(), EditKind::kAddSubjectScope);
      case Reason::kSubjectGuest:
        rules.guests = true;
        Note(EditKind::kAdmitGuests, blueprint_.name, {}, blueprint_.place);
        return true;
      default:
        return false;
    }
  }

  bool AddTo(std::vector<std::string>& list, std::string_view value, EditKind kind) {
    if (value.empty()) return false;
    AddOnce(list, value);
    Note(kind, blueprint_.name, {std::string(value)}, blueprint_.place);
    return true;
  }

  bool FindAllowance() {
    const Api* api = catalog_.FindApi(facts_.api);
    const Tool* tool = facts_.tool.empty() ? nullptr : catalog_.FindTool(facts_.tool);
    const bool tool_exists = tool != nullptr || facts_.tool.empty();
    if (api != nullptr && tool_exists) {
      const Allowance* found = catalog_.FindAllowance(*facts_.agent, tool, *api, facts_.access);
      if (found != nullptr) return Use(*found);
      if (tool == nullptr && AskThroughTool(*api)) return true;
    }
    if (!Define(api, tool)) return false;
    return AddAllowance(api == nullptr ? new_api_ : *api, tool_exists ? tool : &new_tool_);
  }

  bool Use(const Allowance& allowance) {
    allowance_ = allowance;
    const auto rules = catalog_.RulesFor(*facts_.agent, allowance);
    rules_.assign(rules.begin(), rules.end());
    return true;
  }

  // The agent reaches the API through a tool: the first by its place that
  // would be allowed as the request stands.
  bool AskThroughTool(const Api& api) {
    for (const Allowance& line : blueprint_.allow) {
      if (line.tool == nullptr || line.api != &api || line.access != facts_.access) continue;
      if (!DecideUnder(line, catalog_.RulesFor(*facts_.agent, line), facts_).allowed()) continue;
      Note(EditKind::kAskThroughTool, line.tool->name);
      return Use(line);
    }
    return false;
  }

  // False when nothing says which scopes a new Api would expose. An application
  // may be known there without any role.
  bool Define(const Api* api, const Tool* tool) {
    if (api == nullptr) {
      const bool application = facts_.access == Access::kApplication;
      if ((scopes_.empty() && !application) || facts_.api.empty()) return false;
      new_api_.name = facts_.api;
      new_api_.scopes = scopes_;
      Note(EditKind::kDefineApi, new_api_.name, scopes_);
    }
    if (tool == nullptr && !facts_.tool.empty()) {
      new_tool_.name = facts_.tool;
      Note(EditKind::kDefineTool, new_tool_.name);
    }
    return true;
  }

  bool AddAllowance(const Api& api, const Tool* tool) {
    Allowance line;
    line.tool = tool;
    line.api = &api;
    line.access = facts_.access;
    const bool application = facts_.access == Access::kApplication;
    line.scopes = WhatToAllow(api);
    if ((line.scopes.empty() && !application) || IsBlocked(api, line.scopes)) return false;
    if (!application) Expose(api, line.scopes);
    Note(application ? EditKind::kAddApplicationAllowance : EditKind::kAddAllowance,
         blueprint_.name, line.scopes, blueprint_.place);
    const RuleSubject subject{facts_.agent, tool, &api, facts_.access};
    for (const auto& policy : catalog_.policies()) {
      for (const Rule& rule : policy->rules) {
        if (const auto in_force = InForceFor(*policy, rule, subject)) rules_.push_back(*in_force);
      }
    }
    allowance_ = std::move(line);
    return true;
  }

  // Of an Api for which there is no allowance yet.
  Scopes WhatToAllow(const Api& api) const {
    if (!scopes_.empty()) return scopes_;
    const Scopes& all = facts_.access == Access::kApplication ? api.roles : api.scopes;
    return facts_.agent->is_application ? all : Without(all, api.blocked_for_agents);
  }

  // Such an allowance does not load.
  bool IsBlocked(const Api& api, const Scopes& scopes) const {
    return !facts_.agent->is_application && Without(scopes, api.blocked_for_agents) != scopes;
  }

  void Expose(const Api& api, const Scopes& scopes) {
    Scopes missing = Without(scopes, api.scopes);
    if (missing.empty()) return;
    Note(EditKind::kExposeScopes, api.name, std::move(missing), api.place);
  }

  // Each step takes away a scope or a rule, or adds to the sign-in, so that it
  // ends.
  bool SatisfyRules() {
    while (true) {
      const Decision decision = DecideUnder(allowance_, rules_, facts_);
      if (decision.allowed()) return true;
      if (!Satisfy(decision)) return false;
    }
  }

  bool Satisfy(const Decision& decision) {
    if (*decision.denied == Reason::kScopeNotAllowed) return FitScopes();
    if (*decision.denied == Reason::kSignInRequired) return SignIn(decision);
    const auto rule = std::ranges::find_if(rules_, [&](const RuleInForce& candidate) {
      return &candidate.rule->place == decision.decided_by;
    });
    if (rule == rules_.end()) return false;
    if (!rule->rule->then.deny && AskForWhatIsLeft(decision)) return true;
    Note(EditKind::kRemoveRule, NameOf(*rule), {}, rule->rule->place);
    rules_.erase(rule);
    return true;
  }

  bool FitScopes() {
    const Scopes missing = Without(scopes_, allowance_.scopes);
    const Scopes inside = Without(scopes_, missing);
    if (missing.empty()) return false;  // the handle's ceiling: no edit raises it
    if (!inside.empty()) return AskFor(inside);
    if (IsBlocked(*allowance_.api, missing)) return false;
    Expose(*allowance_.api, missing);
    Note(EditKind::kAddScopes, blueprint_.name, missing, allowance_.place);
    for (const std::string& scope : missing) AddOnce(allowance_.scopes, scope);
    return true;
  }

  bool AskForWhatIsLeft(const Decision& decision) {
    Scopes left = scopes_;
    std::erase_if(left, [&](const std::string& scope) {
      return std::ranges::any_of(decision.applied, [&](const RuleInForce& rule) {
        return Withholds(rule.rule->then, scope);
      });
    });
    return !left.empty() && AskFor(left);
  }

  bool AskFor(Scopes scopes) {
    std::erase_if(edits_, [](const Edit& edit) { return edit.kind == EditKind::kAskForScopes; });
    scopes_ = std::move(scopes);
    facts_.scopes = scopes_;
    Note(EditKind::kAskForScopes, "", scopes_);
    return true;
  }

  bool SignIn(const Decision& decision) {
    if (facts_.user.auth_contexts) contexts_ = Sorted(*facts_.user.auth_contexts);
    for (const RuleInForce& rule : decision.applied) {
      const auto& required = rule.rule->then.sign_in;
      if (!required || required->auth_context.empty()) continue;
      AddOnce(contexts_, required->auth_context);
      AddOnce(signed_in_, required->auth_context);
    }
    if (facts_.user.auth_contexts || !signed_in_.empty()) facts_.user.auth_contexts = contexts_;
    facts_.user.signed_in_at = facts_.now;
    std::erase_if(edits_, [](const Edit& edit) { return edit.kind == EditKind::kSignIn; });
    Note(EditKind::kSignIn, "", signed_in_);
    return true;
  }

  const Catalog& catalog_;
  Facts facts_;
  const Blueprint& blueprint_;
  Scopes scopes_, contexts_, signed_in_;
  Api new_api_;
  Tool new_tool_;
  Allowance allowance_;
  std::vector<RuleInForce> rules_;
  std::vector<Edit> edits_;
};

}  // namespace

Repair RepairOf(const Catalog& catalog, Facts facts) { return Repairer(catalog, facts).Run(); }

}  // namespace behalf
