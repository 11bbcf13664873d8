// May this happen? A pure function over a catalog and facts. Thread-safe;
// denial is a value. Costs what the request costs: the catalog's size does
// not matter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "blueprint/catalog.h"
#include "daemon/base/reason.h"
#include "policies/facts.h"
#include "policies/identify.h"  // IWYU pragma: export

namespace behalf {

// Allowed with narrowed scopes and limits, or denied with the term that
// failed. Points into the catalog it was made from.
struct Decision {
  // Set exactly when denied.
  std::optional<Reason> denied = {};
  std::string_view term = {};  // "caller", "agent", "allowance", "scopes"
  std::string detail = {};     // for the operator: what exactly did not fit

  const Allowance* allowance = nullptr;  // set when allowed
  std::vector<std::string> scopes = {};  // sorted; never wider than the allowance
  absl::Duration max_lifetime = {};
  absl::Duration reuse_for = {};

  bool allowed() const { return !denied.has_value(); }
};

// `term` must be a literal: the decision keeps the view.
Decision Deny(Reason reason, std::string_view term, std::string detail);

// The same facts and catalog give the same decision, always. What does not
// exist and what is not allowed get the same reason.
Decision Decide(const Catalog& catalog, const Facts& facts);

}  // namespace behalf
