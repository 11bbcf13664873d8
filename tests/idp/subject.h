// The user's token in an on-behalf-of request.
#pragma once

#include "tests/idp/client.h"
#include "tests/idp/evidence.h"
#include "tests/idp/signing_keys.h"
#include "tests/idp/token_request.h"

namespace behalf::idp {

struct Subject {
  const User* user = nullptr;
  Evidence shown = {};
  // The client acts for the user, who did not sign in with it.
  bool on_behalf = false;
  std::string scope = {};  // that the user signed in for; when the request says none
  std::string nonce = {};  // for the id_token
};

// `assertion` must be a valid access token of a user of this tenant for the
// client, or for its blueprint when it is an agent: signature and tenant 50013,
// audience 50013 for agents and 500131 for applications, id_token 240002,
// app-only 7000114, expiry 500133, disabled user 50057.
Outcome<Subject> ReadSubject(const TokenRequest& request, const Client& client,
                             const SigningKeys& keys);

}  // namespace behalf::idp
