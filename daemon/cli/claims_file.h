// A user's claims out of a file of the operator's: what a decoded access token
// says.
#pragma once

#include <behalf/v1/admin.pb.h>

#include <istream>
#include <string>

#include "absl/status/statusor.h"

namespace behalf::cli {

// The claims that decisions look at (tid, oid, aud, azp or appid, scp, acct,
// groups, roles, amr, acrs, acr, auth_time) of a JSON object; others are left
// out. `path` as of ReadSecret. Fails when a claim is of another type than in a
// token.
absl::StatusOr<v1::UserClaims> ReadClaims(const std::string& path, std::istream& in);

}  // namespace behalf::cli
