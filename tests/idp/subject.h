// The user's token in an on-behalf-of request.
#pragma once

#include "tests/idp/signing_keys.h"
#include "tests/idp/token_request.h"

namespace behalf::idp {

struct Subject {
  const User* user = nullptr;
  bool second_factor = false;
};

// `assertion` must be a valid access token of a user of this tenant for the
// blueprint: signature, tenant and audience 50013, id_token 240002, app-only
// 7000114, expiry 500133, disabled user 50057.
Outcome<Subject> ReadSubject(const TokenRequest& request, const Blueprint& blueprint,
                             const SigningKeys& keys);

}  // namespace behalf::idp
