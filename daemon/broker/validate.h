// Is a request well-formed, whoever sends it?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "daemon/audit/audit_record.h"
#include "daemon/broker/requests.h"

namespace behalf {

// No handle lives longer.
inline constexpr absl::Duration kLongestHandle = absl::Minutes(5);

// kRequestInvalid with the metadata "field".
absl::Status Validate(const TokenRequest& request);
absl::Status ValidateForHandle(const TokenRequest& request);
absl::Status Validate(const RedeemRequest& request);
// Of a request, or of a redemption once it is known what the handle is for.
absl::Status ValidateScopes(const std::vector<std::string>& scopes, Access access);
// What an operator asks about: no token is needed. `socket`: the asked caller's.
absl::Status ValidateQuestion(const TokenRequest& request, std::string_view socket);

// What a record says of a request before anything is known about it: of names
// and scopes only what can be one, lest a token come to the record that was put
// in the wrong field.
void Describe(const TokenRequest& request, AuditRecord& record);
void Describe(const Declared& declared, AuditRecord& record);
void Describe(const RedeemRequest& request, AuditRecord& record);

}  // namespace behalf
