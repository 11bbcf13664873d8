// What bodies of admin requests ask for.
#pragma once

#include "absl/status/statusor.h"
#include "tests/idp/directory.h"
#include "tests/idp/faults.h"
#include "tests/idp/jwt.h"

namespace behalf::idp {

// {"code", "status", "retryAfterSeconds", "times", "claims", "client", "grant"};
// only `code` is needed, a row of the error table.
absl::StatusOr<Fault> FaultIn(const json::object& body);

// {"client", "resource", "scopes", "roles"}: an app, blueprint or agent, of
// whichever tenant, is granted these permissions or loses them. A permission
// that the resource does not expose is a mistake.
absl::Status ChangeConsent(Directory& directory, const json::object& body, bool grant);

// {"user", "requireMfa", "disabled"}: by id or upn.
absl::Status ChangeUser(Directory& directory, const json::object& body);

// The keys of a policy in the directory, and `tenant` (the first); a policy of
// this `id` is replaced. What it names must exist.
absl::Status SetPolicy(Directory& directory, const json::object& body);

// {"tenant", "requests", "seconds", "retryAfterSeconds"}: the first tenant when
// none is named; all numbers positive.
absl::Status SetThrottle(Directory& directory, const json::object& body);

// {"tenant"}.
absl::Status RemoveThrottle(Directory& directory, const json::object& body);

// {"id"}.
absl::Status RemovePolicy(Directory& directory, const json::object& body);

}  // namespace behalf::idp
