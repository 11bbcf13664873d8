// What callers ask of the broker, and what they get.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "daemon/attest/caller.h"
#include "daemon/audit/audit_record.h"
#include "daemon/base/secret_string.h"
#include "daemon/broker/handouts.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

using CallerPtr = std::shared_ptr<const Caller>;

// What a request says of itself; empty: nothing.
struct Declared {
  Declared() = default;

  std::string purpose;
  std::string tool_name;
  std::string arguments_digest;
};

// Not aggregates on purpose: g++ 12 destroys an aggregate temporary twice when
// it is passed to a coroutine inside co_await.
struct TokenRequest {
  explicit TokenRequest(CallerPtr who) : caller(std::move(who)) {}

  CallerPtr caller;  // null: nobody knows who is calling
  SecretString subject_token;
  std::string agent;
  std::string api;
  std::optional<Access> access = Access::kDelegated;  // nothing: not one that is known
  std::vector<std::string> scopes;
  Declared declared;
  AuditTrace trace;
  // For CreateHandle:
  bool for_handle = false;
  std::string tool;
  std::optional<absl::Duration> lifetime;
};

struct RedeemRequest {
  explicit RedeemRequest(CallerPtr who) : caller(std::move(who)) {}

  CallerPtr caller;
  SecretString handle;
  std::string request_id;
  std::vector<std::string> scopes;
  AuditTrace trace;
};

// Both answers hold the permit to be given; see Revocations::HandOut.
struct IssuedToken {
  Handouts::Permit permit;
  ApiTokenPtr token;
  std::string decision_id;
  std::string api;
  std::string subject_ref;  // for a tool: its pseudonym of the user
};

struct CreatedHandle {
  Handouts::Permit permit;
  SecretString handle;
  absl::Time expires_at;
  std::vector<std::string> scopes;
  std::string decision_id;
};

}  // namespace behalf
