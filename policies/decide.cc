#include "policies/decide.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "policies/admit.h"
#include "policies/narrow.h"

namespace behalf {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// With application access nobody is.
std::optional<Reason> RefuseWhoIsActedFor(const Blueprint& blueprint, const Facts& facts) {
  if (facts.access == Access::kApplication) return std::nullopt;
  return RefuseUser(blueprint.subjects, facts.user);
}

Decision DenyAllowance(const Facts& facts, std::string_view why) {
  return Deny(Reason::kNotAllowed, "allowance",
              absl::StrCat("agent ", facts.agent->name, ", tool ",
                           facts.tool.empty() ? "none" : View(facts.tool), ", API ",
                           View(facts.api), ": ", View(why)));
}

bool AllowedThroughSomeTool(const Agent& agent, const Api& api, Access access) {
  return std::ranges::any_of(agent.blueprint->allow, [&](const Allowance& line) {
    return line.tool != nullptr && line.api == &api && line.access == access;
  });
}

Decision DenyWithoutAllowance(const Facts& facts, const Api& api) {
  if (facts.tool.empty() && AllowedThroughSomeTool(*facts.agent, api, facts.access)) {
    return Deny(
        Reason::kHandleRequired, "allowance",
        absl::StrCat("agent ", facts.agent->name, " reaches API ", api.name, " through a tool"));
  }
  return DenyAllowance(facts, "no line of `allow` covers it");
}

std::vector<std::string> SortedOnce(std::span<const std::string> asked) {
  std::vector<std::string> scopes(asked.begin(), asked.end());
  std::ranges::sort(scopes);
  const auto repeated = std::ranges::unique(scopes);
  scopes.erase(repeated.begin(), repeated.end());
  return scopes;
}

Decision DenyScope(const Allowance& allowance, const std::string& scope) {
  const Place& place = allowance.place;
  return Deny(Reason::kScopeNotAllowed, "scopes",
              absl::StrCat("scope ", scope, " is not among those of ", place.file, ":", place.line),
              &place);
}

// What the request would get if no policy narrowed it.
Decision Allow(const Allowance& allowance, const Facts& facts) {
  Decision decision = {.decided_by = &allowance.place,
                       .allowance = &allowance,
                       .max_lifetime = allowance.max_lifetime,
                       .reuse_for = allowance.reuse_for};
  if (!facts.scopes.empty()) {
    decision.scopes = SortedOnce(facts.scopes);
  } else if (facts.within) {
    decision.scopes.assign(facts.within->begin(), facts.within->end());
  } else {
    decision.scopes = allowance.scopes;
  }
  return decision;
}

const std::string* OutsideOf(const OptionalList& ceiling, const std::vector<std::string>& scopes) {
  if (!ceiling) return nullptr;
  const auto outside = std::ranges::find_if(scopes, [&](const std::string& scope) {
    return !std::ranges::binary_search(*ceiling, scope);
  });
  return outside == scopes.end() ? nullptr : &*outside;
}

}  // namespace

Decision Deny(Reason reason, std::string_view term, std::string detail, const Place* decided_by) {
  return {.denied = reason, .term = term, .detail = std::move(detail), .decided_by = decided_by};
}

std::string NameOf(const RuleInForce& rule) {
  return absl::StrCat(rule.policy->name, "/", rule.rule->name);
}

Decision Decide(const Catalog& catalog, const Facts& facts) {
  if (facts.agent == nullptr) return Deny(Reason::kNotAllowed, "agent", "no agent asks");
  if (!facts.revoked.empty()) {
    return Deny(Reason::kRevoked, "revocation", facts.revoked);
  }
  const Blueprint& blueprint = *facts.agent->blueprint;
  if (facts.disabled) {
    return Deny(Reason::kBlueprintDisabled, "blueprint", blueprint.name, &blueprint.place);
  }
  if (const auto refused = RefuseWhoIsActedFor(blueprint, facts)) {
    return Deny(*refused, "user", "", &blueprint.place);
  }
  const Api* api = catalog.FindApi(facts.api);
  if (api == nullptr) return DenyAllowance(facts, "there is no such API");
  const Tool* tool = nullptr;
  if (!facts.tool.empty()) {
    tool = catalog.FindTool(facts.tool);
    if (tool == nullptr) return DenyAllowance(facts, "there is no such tool");
  }
  const Allowance* allowance = catalog.FindAllowance(*facts.agent, tool, *api, facts.access);
  if (allowance == nullptr) return DenyWithoutAllowance(facts, *api);
  return DecideUnder(*allowance, catalog.RulesFor(*facts.agent, *allowance), facts);
}

Decision DecideUnder(const Allowance& allowance, std::span<const RuleInForce> rules,
                     const Facts& facts) {
  Decision decision = Allow(allowance, facts);
  const std::string* outside = OutsideOf(allowance.scopes, decision.scopes);
  if (outside != nullptr) return DenyScope(allowance, *outside);
  outside = OutsideOf(facts.within, decision.scopes);
  if (outside != nullptr) {
    return Deny(Reason::kScopeNotAllowed, "scopes",
                absl::StrCat("scope ", *outside, " is not among those of the handle"));
  }
  return Narrow(std::move(decision), rules, facts);
}

}  // namespace behalf
