// What every request brings to the decision, whether a token is asked for, a
// handle made or redeemed, or an explanation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "blueprint/catalog.h"
#include "daemon/attest/caller.h"
#include "daemon/base/secret_string.h"
#include "daemon/broker/attempt.h"
#include "daemon/broker/requests.h"
#include "daemon/oauth/subject.h"
#include "policies/facts.h"

namespace behalf {

struct Errand {
  const Agent* agent;
  Caller caller;  // the agent's process
  SecretString subject_token;
  std::string tool;
  std::string api;
  Access access;
  std::vector<std::string> scopes;
  std::optional<std::vector<std::string>> within;  // the handle's
  Declared declared;
};

// Of a valid request.
Errand ErrandOf(const TokenRequest& request, const Agent& agent);

// All that a decision looks at but the user, who is verified only where the
// blueprint is not disabled and somebody is acted for. Views into both, which must outlive them.
Facts FactsBeforeUser(const Attempt& attempt, const Errand& errand);

// Views into `subject`, which must outlive them.
UserFacts FactsOf(const Subject& subject);

}  // namespace behalf
