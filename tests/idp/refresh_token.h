// Refresh tokens: bound to a user and a client, to no resource. They hold what
// they stand for, signed, so that nothing is kept and a restart revokes none.
#pragma once

#include <string>
#include <string_view>

#include "tests/idp/errors.h"
#include "tests/idp/signing_keys.h"
#include "tests/idp/subject.h"
#include "tests/idp/token_request.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {

// Valid for 90 days from the stamp.
std::string MakeRefreshToken(const SigningKey& key, const Stamp& stamp, const UserAccess& access);

// Malformed, not ours, or another client's 70000; expired 700082; the user
// disabled 50057.
Outcome<Subject> ReadRefreshToken(const TokenRequest& request, std::string_view token,
                                  std::string_view client_id, const SigningKeys& keys);

}  // namespace behalf::idp
