// Conditional Access: what users must show for access, by policy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/idp/directory.h"
#include "tests/idp/errors.h"
#include "tests/idp/evidence.h"

namespace behalf::idp {

struct Attempt {
  const Tenant& tenant;
  const User& user;
  const Resource& resource;
  std::string_view client_id;
};

// All that policies want of this user; 53003 where one blocks.
Outcome<Evidence> Needed(const Attempt& attempt);

// 50076 with the challenge where something is missing, or 53003.
std::optional<Refusal> CheckPolicies(const Attempt& attempt, const Evidence& shown);

// What a client demands of the user by repeating challenges of this tenant in
// `claims`; whatever else is in there says nothing.
Evidence Demanded(const Tenant& tenant, std::string_view claims);

// The challenge of a user with requireMfa.
std::string SecondFactorChallenge(const Tenant& tenant);

// What is wrong with a policy; empty: nothing.
std::string MistakeIn(const Policy& policy, const Tenant& tenant);

}  // namespace behalf::idp
