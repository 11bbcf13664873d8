// The sign-ins that rules ask for, and what a client does about one that a
// user's token does not show. Pure; thread-safe.
#pragma once

#include <optional>
#include <span>

#include "policies/decide.h"

namespace behalf {

struct UnmetSignIn {
  RuleInForce rule;  // the first that is not met
  SignInChallenge challenge;
};

// The challenge asks for the youngest sign-in that any rule wants, and, as
// Entra takes one at a time, for the first authentication context that is
// missing. Nothing when the token shows all that is asked for.
std::optional<UnmetSignIn> FindUnmetSignIn(std::span<const RuleInForce> applied,
                                           const Facts& facts);

}  // namespace behalf
