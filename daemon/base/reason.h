// The closed set of reasons for which a request is not answered with what it
// asked for. One row each: name on the wire, gRPC code, whose move it is, and
// what to do. The proto enum behalf.v1.Reason, docs/errors.md and this table
// agree; a test holds them together.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/status.h"

namespace behalf {

enum class Reason : std::uint8_t {
  // Who is calling.
  kCallerUnknown = 1,
  kCallerNotAgent,
  kCallerNotTool,
  kCallerNotAdmin,
  kAgentAmbiguous,
  kAgentNotCallers,
  // The request itself.
  kRequestInvalid,
  // The user's token.
  kSubjectMalformed,
  kSubjectAlgorithm,
  kSubjectKeyUnknown,
  kSubjectSignature,
  kSubjectIdToken,
  kSubjectAppOnly,
  kSubjectForGraph,
  kSubjectIssuer,
  kSubjectTenant,
  kSubjectAudience,
  kSubjectClient,
  kSubjectScope,
  kSubjectGuest,
  kSubjectExpired,
  kSubjectNotYetValid,
  kSubjectClaims,
  kKeysUnavailable,
  // The decision.
  kNotAllowed,
  kScopeNotAllowed,
  kHandleRequired,
  kBlueprintDisabled,
  kPolicyDenied,
  kSignInRequired,
  // What the provider answered.
  kInteractionRequired,
  kConsentRequired,
  kAccessBlocked,
  kSubjectRefused,
  kCredentialRefused,
  kProviderMisconfigured,
  kProviderRejected,
  kProviderThrottled,
  kProviderUnavailable,
  // What the provider's reply carried.
  kReplyMalformed,
  kReplyTokenType,
  kReplyIssuer,
  kReplyTenant,
  kReplyAudience,
  kReplyAgent,
  kReplyActor,
  kReplyUser,
  kReplyScopeMissing,
  kReplyScopeExcess,
  kReplyExpired,
  kReplyLifetime,
  // Handles.
  kHandleUnknown,
  kHandleExpired,
  kHandleSpent,
  kHandleInUse,
  kHandleWrongTool,
  kHandleNotSeparated,
  // The daemon.
  kOverloaded,
  kAuditUnavailable,
  kDeadline,
  kCancelled,
  kInternal,
  // What operators took back, and where that is kept.
  kRevoked,
  kStoreUnavailable,
};

// Who can do something about it.
enum class Move : std::uint8_t { kCaller, kUser, kOperator, kProvider, kRetry };

struct ReasonRow {
  Reason reason;
  std::string_view name;  // as in the proto enum, without its REASON_ prefix
  absl::StatusCode code;  // the gRPC code it travels under
  Move move;
  std::string_view advice;  // one sentence, for docs and for the error message
};

// Every reason once, in the order of the enum.
std::span<const ReasonRow> AllReasons();

const ReasonRow& RowOf(Reason reason);
std::string_view MoveName(Move move);

}  // namespace behalf
