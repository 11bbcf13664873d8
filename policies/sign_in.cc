#include "policies/sign_in.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policies/condition.h"

namespace behalf {
namespace {

struct Wanted {
  std::optional<absl::Duration> within;
  std::optional<std::string> auth_context;
};

void Add(const SignInRequirement& required, const Facts& facts, Wanted& wanted) {
  if (required.within) {
    wanted.within = std::min(wanted.within.value_or(absl::InfiniteDuration()), *required.within);
  }
  const SignInRequirement context = {.within = std::nullopt, .auth_context = required.auth_context};
  if (ShowsSignIn(context, facts)) return;
  wanted.auth_context = wanted.auth_context ? std::min(*wanted.auth_context, required.auth_context)
                                            : required.auth_context;
}

// The names of contexts are checked at load to need no escaping.
std::string ClaimsOf(const Wanted& wanted) {
  std::vector<std::string> claims;
  if (wanted.auth_context) {
    claims.push_back(
        absl::StrCat(R"("acrs":{"essential":true,"value":")", *wanted.auth_context, R"("})"));
  }
  if (wanted.within) claims.emplace_back(R"("auth_time":{"essential":true})");
  return absl::StrCat(R"({"access_token":{)", absl::StrJoin(claims, ","), "}}");
}

}  // namespace

std::optional<UnmetSignIn> FindUnmetSignIn(std::span<const RuleInForce> applied,
                                           const Facts& facts) {
  const RuleInForce* first = nullptr;
  Wanted wanted;
  for (const RuleInForce& rule : applied) {
    const auto& required = rule.rule->then.sign_in;
    if (!required) continue;
    Add(*required, facts, wanted);
    if (first == nullptr && !ShowsSignIn(*required, facts)) first = &rule;
  }
  if (first == nullptr) return std::nullopt;
  return UnmetSignIn{.rule = *first,
                     .challenge = {.claims = ClaimsOf(wanted), .max_age = wanted.within}};
}

}  // namespace behalf
