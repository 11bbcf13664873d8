// What was consented to, against what is asked, and what users must show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/idp/scopes.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {

// Every consented scope of the client and resource, whatever was asked: so
// does Entra. 65001 when a scope is asked for that was not consented to, or
// `.default` where nothing was.
Outcome<std::vector<std::string>> Granted(const ScopeRequest& asked, const Client& client);

// The challenge that a client repeats in `claims` once the user has shown a
// second factor.
std::string SecondFactorChallenge(const Tenant& tenant);
bool AnswersChallenge(const Tenant& tenant, std::string_view claims);

}  // namespace behalf::idp
