// May this happen? A pure function over a catalog and facts. Thread-safe;
// denial is a value. Costs what the request costs: the catalog's size does
// not matter.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "blueprint/catalog.h"
#include "daemon/base/reason.h"
#include "policies/facts.h"
#include "policies/identify.h"  // IWYU pragma: export

namespace behalf {

// What would satisfy the sign-in that policies ask for (RFC 9470).
struct SignInChallenge {
  std::string claims;  // an OpenID Connect claims request, JSON
  std::optional<absl::Duration> max_age = {};
};

// Allowed with narrowed scopes and limits, or denied with the term that
// failed. Points into the catalog it was made from.
struct Decision {
  // Set exactly when denied.
  std::optional<Reason> denied = {};
  // "agent", "revocation", "blueprint", "user", "allowance", "scopes" or "policy".
  std::string_view term = {};
  std::string detail = {};                        // for the operator: what exactly did not fit
  const Place* decided_by = nullptr;              // the allowance, or the rule; null: neither
  std::optional<SignInChallenge> challenge = {};  // with kSignInRequired

  const Allowance* allowance = nullptr;    // set when allowed
  std::vector<std::string> scopes = {};    // sorted; never wider than the allowance
  std::vector<std::string> withheld = {};  // sorted: what policies took away; no token may carry it
  absl::Duration max_lifetime = {};
  absl::Duration reuse_for = {};

  // The rules that applied, of a denial too; by the policies' names.
  std::vector<RuleInForce> applied = {};

  bool allowed() const { return !denied.has_value(); }
};

// `term` must be a literal: the decision keeps the view.
Decision Deny(Reason reason, std::string_view term, std::string detail,
              const Place* decided_by = nullptr);

// The same facts and catalog give the same decision, always. What does not
// exist and what is not allowed get the same reason.
Decision Decide(const Catalog& catalog, const Facts& facts);

// The part of Decide that begins with the allowance: what it and the rules
// make of the request.
Decision DecideUnder(const Allowance& allowance, std::span<const RuleInForce> rules,
                     const Facts& facts);

// "policy/rule", as records and explanations name a rule.
std::string NameOf(const RuleInForce& rule);

}  // namespace behalf
