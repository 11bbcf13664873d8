// What was consented to, against what is asked.
#pragma once

#include <string>
#include <vector>

#include "tests/idp/scopes.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {

// Every consented scope of the client and resource, whatever was asked: so
// does Entra. 65001 when a scope is asked for that was not consented to, or
// `.default` where nothing was.
Outcome<std::vector<std::string>> Granted(const ScopeRequest& asked, const Client& client);

}  // namespace behalf::idp
