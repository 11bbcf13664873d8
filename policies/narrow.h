// What rules make of an allowed request. Pure; thread-safe. Order never
// matters: every rule is asked about the same facts, and the strictest counts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "policies/decide.h"

namespace behalf {

// Takes a decision that allows, with the scopes it would give, and returns it
// restricted by the rules that apply, or denied.
Decision Narrow(Decision decision, std::span<const RuleInForce> rules, const Facts& facts);

// Whether a rule that applies takes the scope away.
bool Withholds(const Effect& effect, const std::string& scope);

}  // namespace behalf
