#include "policies/narrow.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policies/condition.h"
#include "policies/sign_in.h"

namespace behalf {
namespace {

bool Has(const std::vector<std::string>& sorted, const std::string& value) {
  return std::ranges::binary_search(sorted, value);
}

// The first rule that takes the scope away; null when none does.
const RuleInForce* WhatWithholds(const std::vector<RuleInForce>& applied,
                                 const std::string& scope) {
  const auto found = std::ranges::find_if(
      applied, [&](const RuleInForce& rule) { return Withholds(rule.rule->then, scope); });
  return found == applied.end() ? nullptr : &*found;
}

Decision DeniedBy(Decision decision, Reason reason, const RuleInForce& rule, std::string_view why) {
  Decision denial = Deny(reason, "policy", NameOf(rule), &rule.rule->place);
  if (!why.empty())
    absl::StrAppend(&denial.detail, ": ", absl::string_view(why.data(), why.size()));
  denial.applied = std::move(decision.applied);
  return denial;
}

void Collect(std::span<const RuleInForce> rules, const Facts& facts, Decision& decision) {
  for (const RuleInForce& rule : rules) {
    if (Applies(rule, facts, decision.scopes)) decision.applied.push_back(rule);
  }
}

const RuleInForce* WhatDenies(const std::vector<RuleInForce>& applied) {
  const auto found =
      std::ranges::find_if(applied, [](const RuleInForce& rule) { return rule.rule->then.deny; });
  return found == applied.end() ? nullptr : &*found;
}

// Shortens; a token is never reused for longer than it may live.
void Shorten(Decision& decision) {
  for (const RuleInForce& rule : decision.applied) {
    const Effect& effect = rule.rule->then;
    if (effect.max_lifetime) {
      decision.max_lifetime = std::min(decision.max_lifetime, *effect.max_lifetime);
    }
    if (effect.reuse_for) decision.reuse_for = std::min(decision.reuse_for, *effect.reuse_for);
  }
  decision.reuse_for = std::min(decision.reuse_for, decision.max_lifetime);
}

// Of all that a token might carry, what no rule lets through.
std::vector<std::string> WithheldOf(const Decision& decision) {
  std::vector<std::string> withheld;
  for (const auto* list : {&decision.allowance->scopes, &decision.allowance->accept}) {
    for (const std::string& scope : *list) {
      if (WhatWithholds(decision.applied, scope) != nullptr) withheld.push_back(scope);
    }
  }
  std::ranges::sort(withheld);
  const auto repeated = std::ranges::unique(withheld);
  withheld.erase(repeated.begin(), repeated.end());
  return withheld;
}

// What was asked for by name is not silently left out. An application's token
// carries all its roles or is not asked for.
const std::string* AskedButWithheld(const Decision& decision, const Facts& facts) {
  std::span<const std::string> asked = facts.scopes;
  if (facts.access == Access::kApplication) asked = decision.scopes;
  const auto found = std::ranges::find_if(
      asked, [&](const std::string& scope) { return Has(decision.withheld, scope); });
  return found == asked.end() ? nullptr : &*found;
}

}  // namespace

bool Withholds(const Effect& effect, const std::string& scope) {
  if (Has(effect.without_scopes, scope)) return true;
  return !effect.only_scopes.empty() && !Has(effect.only_scopes, scope);
}

Decision Narrow(Decision decision, std::span<const RuleInForce> rules, const Facts& facts) {
  if (rules.empty()) return decision;
  Collect(rules, facts, decision);
  if (const RuleInForce* rule = WhatDenies(decision.applied)) {
    return DeniedBy(std::move(decision), Reason::kPolicyDenied, *rule, rule->rule->because);
  }
  auto unmet = FindUnmetSignIn(decision.applied, facts);
  if (unmet && facts.access == Access::kApplication) {
    return DeniedBy(std::move(decision), Reason::kPolicyDenied, unmet->rule,
                    "there is no user who could sign in");
  }
  if (unmet) {
    Decision denial = DeniedBy(std::move(decision), Reason::kSignInRequired, unmet->rule,
                               unmet->rule.rule->because);
    denial.challenge = std::move(unmet->challenge);
    return denial;
  }
  decision.withheld = WithheldOf(decision);
  const std::string* missed = AskedButWithheld(decision, facts);
  const bool nothing_left =
      !decision.scopes.empty() && std::ranges::includes(decision.withheld, decision.scopes);
  if (missed == nullptr && nothing_left) missed = &decision.scopes.front();
  if (missed != nullptr) {
    const RuleInForce rule = *WhatWithholds(decision.applied, *missed);
    const std::string why = absl::StrCat(*missed, " is withheld");
    return DeniedBy(std::move(decision), Reason::kPolicyDenied, rule, why);
  }
  std::erase_if(decision.scopes, [&](const auto& scope) { return Has(decision.withheld, scope); });
  Shorten(decision);
  return decision;
}

}  // namespace behalf
