// Does a rule's condition hold for this request? Pure; thread-safe.
#pragma once

#include <span>
#include <string>

#include "blueprint/policy.h"
#include "policies/facts.h"

namespace behalf {

// kUnknown: a fact is absent.
enum class Truth : std::uint8_t { kFalse, kUnknown, kTrue };

// The weakest of what the condition states of the request; what it states of
// the documents is the catalog's affair (DocumentsFit). `scopes`: what the
// request would get if no policy narrowed it; sorted.
Truth Holds(const Condition& condition, const Facts& facts, std::span<const std::string> scopes);

// Whether the rule applies: unless a condition of `when` is known not to hold,
// or all of `unless` are known to hold.
bool Applies(const RuleInForce& rule, const Facts& facts, std::span<const std::string> scopes);

// Whether the user's token shows the sign-in that is asked for.
bool ShowsSignIn(const SignInRequirement& required, const Facts& facts);

}  // namespace behalf
