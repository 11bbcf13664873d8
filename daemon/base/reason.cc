#include "daemon/base/reason.h"

#include <array>
#include <cstddef>

namespace behalf {
namespace {

using absl::StatusCode;
using enum Move;
using enum Reason;

constexpr std::array kRows = std::to_array<ReasonRow>({
    {kCallerUnknown, "CALLER_UNKNOWN", StatusCode::kPermissionDenied, kOperator,
     "no document names this process as an agent, tool or admin on this socket"},
    {kCallerNotAgent, "CALLER_NOT_AGENT", StatusCode::kPermissionDenied, kOperator,
     "this process is known, but not as an agent on this socket"},
    {kCallerNotTool, "CALLER_NOT_TOOL", StatusCode::kPermissionDenied, kOperator,
     "this process is known, but not as a tool on this socket"},
    {kCallerNotAdmin, "CALLER_NOT_ADMIN", StatusCode::kPermissionDenied, kOperator,
     "this process is not among the admin callers of the Daemon document"},
    {kAgentAmbiguous, "AGENT_AMBIGUOUS", StatusCode::kInvalidArgument, kCaller,
     "this process may act as several agents: name one in `agent`"},
    {kAgentNotCallers, "AGENT_NOT_CALLERS", StatusCode::kPermissionDenied, kCaller,
     "this process may not act as the agent it named"},
    {kRequestInvalid, "REQUEST_INVALID", StatusCode::kInvalidArgument, kCaller,
     "a field of the request is missing or malformed"},
    {kSubjectMalformed, "SUBJECT_MALFORMED", StatusCode::kUnauthenticated, kCaller,
     "the subject token is not a well-formed signed JWT"},
    {kSubjectAlgorithm, "SUBJECT_ALGORITHM", StatusCode::kUnauthenticated, kCaller,
     "the subject token is not signed by RS256, PS256 or ES256"},
    {kSubjectKeyUnknown, "SUBJECT_KEY_UNKNOWN", StatusCode::kUnauthenticated, kCaller,
     "the issuer does not publish the key that the subject token names"},
    {kSubjectSignature, "SUBJECT_SIGNATURE", StatusCode::kUnauthenticated, kCaller,
     "the signature of the subject token does not verify"},
    {kSubjectIdToken, "SUBJECT_ID_TOKEN", StatusCode::kUnauthenticated, kCaller,
     "an id token was sent; send an access token for the blueprint"},
    {kSubjectAppOnly, "SUBJECT_APP_ONLY", StatusCode::kUnauthenticated, kCaller,
     "the subject token belongs to an application, not to a user"},
    {kSubjectForGraph, "SUBJECT_FOR_GRAPH", StatusCode::kUnauthenticated, kCaller,
     "the subject token is for Microsoft Graph; ask for a token for the blueprint"},
    {kSubjectIssuer, "SUBJECT_ISSUER", StatusCode::kUnauthenticated, kCaller,
     "version, issuer and client claim of the subject token do not agree with the provider"},
    {kSubjectTenant, "SUBJECT_TENANT", StatusCode::kPermissionDenied, kOperator,
     "the user's tenant is not among the blueprint's subjects"},
    {kSubjectAudience, "SUBJECT_AUDIENCE", StatusCode::kUnauthenticated, kCaller,
     "the subject token is for another audience than the blueprint"},
    {kSubjectClient, "SUBJECT_CLIENT", StatusCode::kPermissionDenied, kOperator,
     "the application that obtained the subject token is not among the blueprint's clients"},
    {kSubjectScope, "SUBJECT_SCOPE", StatusCode::kPermissionDenied, kCaller,
     "the subject token carries none of the scopes the blueprint asks of its users"},
    {kSubjectGuest, "SUBJECT_GUEST", StatusCode::kPermissionDenied, kOperator,
     "the user is a guest, and the blueprint does not admit guests"},
    {kSubjectExpired, "SUBJECT_EXPIRED", StatusCode::kUnauthenticated, kCaller,
     "the subject token has expired: obtain a new one"},
    {kSubjectNotYetValid, "SUBJECT_NOT_YET_VALID", StatusCode::kUnauthenticated, kCaller,
     "the subject token is not valid yet; check the clocks"},
    {kSubjectClaims, "SUBJECT_CLAIMS", StatusCode::kUnauthenticated, kCaller,
     "a claim of the subject token is missing or of the wrong type"},
    {kKeysUnavailable, "KEYS_UNAVAILABLE", StatusCode::kUnavailable, kRetry,
     "the issuer's signing keys cannot be fetched"},
    {kNotAllowed, "NOT_ALLOWED", StatusCode::kPermissionDenied, kOperator,
     "no allowance of the agent covers this API through this tool"},
    {kScopeNotAllowed, "SCOPE_NOT_ALLOWED", StatusCode::kPermissionDenied, kCaller,
     "a scope was asked for that the allowance does not hold"},
    {kHandleRequired, "HANDLE_REQUIRED", StatusCode::kFailedPrecondition, kCaller,
     "this API is allowed through a tool only: create a handle for the tool"},
    {kBlueprintDisabled, "BLUEPRINT_DISABLED", StatusCode::kUnavailable, kOperator,
     "a fact of the host disables the blueprint; see the daemon's status"},
    {kPolicyDenied, "POLICY_DENIED", StatusCode::kPermissionDenied, kOperator,
     "a policy forbids this; the operator finds the rule under the decision id"},
    {kSignInRequired, "SIGN_IN_REQUIRED", StatusCode::kUnauthenticated, kUser,
     "a policy wants a fresh or stronger sign-in; pass `claims` and `max_age` to the sign-in"},
    {kInteractionRequired, "INTERACTION_REQUIRED", StatusCode::kFailedPrecondition, kUser,
     "the provider wants the user to sign in again; pass `claims` to the sign-in"},
    {kConsentRequired, "CONSENT_REQUIRED", StatusCode::kFailedPrecondition, kOperator,
     "nobody has consented to what was asked for; grant it at the provider"},
    {kAccessBlocked, "ACCESS_BLOCKED", StatusCode::kPermissionDenied, kOperator,
     "the provider's access policy blocks this user, agent or device"},
    {kSubjectRefused, "SUBJECT_REFUSED", StatusCode::kUnauthenticated, kUser,
     "the provider no longer accepts the subject token: sign in again"},
    {kCredentialRefused, "CREDENTIAL_REFUSED", StatusCode::kUnavailable, kOperator,
     "the provider refuses the blueprint's credential"},
    {kProviderMisconfigured, "PROVIDER_MISCONFIGURED", StatusCode::kFailedPrecondition, kOperator,
     "the provider does not know, or does not permit, the client, agent or API"},
    {kProviderRejected, "PROVIDER_REJECTED", StatusCode::kFailedPrecondition, kOperator,
     "the provider rejects the request; its code says why"},
    {kProviderThrottled, "PROVIDER_THROTTLED", StatusCode::kUnavailable, kRetry,
     "the provider throttles; try again after the given delay"},
    {kProviderUnavailable, "PROVIDER_UNAVAILABLE", StatusCode::kUnavailable, kRetry,
     "the provider cannot be reached or fails for the moment"},
    {kReplyMalformed, "REPLY_MALFORMED", StatusCode::kUnavailable, kProvider,
     "the provider's reply cannot be understood"},
    {kReplyTokenType, "REPLY_TOKEN_TYPE", StatusCode::kFailedPrecondition, kProvider,
     "the provider's token is not a bearer token"},
    {kReplyIssuer, "REPLY_ISSUER", StatusCode::kFailedPrecondition, kProvider,
     "the provider's token names another issuer"},
    {kReplyTenant, "REPLY_TENANT", StatusCode::kFailedPrecondition, kProvider,
     "the provider's token belongs to another tenant"},
    {kReplyAudience, "REPLY_AUDIENCE", StatusCode::kFailedPrecondition, kOperator,
     "the provider's token is for another audience than the API's"},
    {kReplyAgent, "REPLY_AGENT", StatusCode::kFailedPrecondition, kProvider,
     "the provider's token names another client than the agent"},
    {kReplyActor, "REPLY_ACTOR", StatusCode::kFailedPrecondition, kProvider,
     "the provider's token names another blueprint or actor than the agent's"},
    {kReplyUser, "REPLY_USER", StatusCode::kFailedPrecondition, kProvider,
     "the provider's token belongs to another user"},
    {kReplyScopeMissing, "REPLY_SCOPE_MISSING", StatusCode::kFailedPrecondition, kOperator,
     "the provider's token lacks a scope that was asked for"},
    {kReplyScopeExcess, "REPLY_SCOPE_EXCESS", StatusCode::kFailedPrecondition, kOperator,
     "the provider's token carries a scope outside `scopes` and `accept`"},
    {kReplyExpired, "REPLY_EXPIRED", StatusCode::kFailedPrecondition, kProvider,
     "the provider's token has expired on arrival; check the clocks"},
    {kReplyLifetime, "REPLY_LIFETIME", StatusCode::kFailedPrecondition, kOperator,
     "the provider's token lives longer than `maxLifetime`"},
    {kHandleUnknown, "HANDLE_UNKNOWN", StatusCode::kNotFound, kCaller,
     "there is no such handle, or it ended some time ago"},
    {kHandleExpired, "HANDLE_EXPIRED", StatusCode::kFailedPrecondition, kCaller,
     "the handle has expired: the agent must create a new one"},
    {kHandleSpent, "HANDLE_SPENT", StatusCode::kFailedPrecondition, kCaller,
     "the handle was redeemed already: the agent must create a new one"},
    {kHandleInUse, "HANDLE_IN_USE", StatusCode::kAborted, kRetry,
     "the same redemption is under way; repeat it with the same request_id"},
    {kHandleWrongTool, "HANDLE_WRONG_TOOL", StatusCode::kPermissionDenied, kCaller,
     "the handle was made for another tool"},
    {kHandleNotSeparated, "HANDLE_NOT_SEPARATED", StatusCode::kPermissionDenied, kOperator,
     "the redeemer could be the agent itself; run them under different accounts"},
    {kOverloaded, "OVERLOADED", StatusCode::kResourceExhausted, kRetry,
     "a bound of the daemon is reached; try again after the given delay"},
    {kAuditUnavailable, "AUDIT_UNAVAILABLE", StatusCode::kUnavailable, kOperator,
     "the record cannot be written, so there is no token"},
    {kDeadline, "DEADLINE", StatusCode::kDeadlineExceeded, kRetry,
     "the call's deadline passed before the answer was there"},
    {kCancelled, "CANCELLED", StatusCode::kCancelled, kCaller, "the caller left"},
    {kInternal, "INTERNAL", StatusCode::kInternal, kOperator,
     "the daemon failed; its log has the decision id"},
    {kRevoked, "REVOKED", StatusCode::kPermissionDenied, kOperator,
     "an operator revoked this, until they restore it"},
    {kStoreUnavailable, "STORE_UNAVAILABLE", StatusCode::kUnavailable, kOperator,
     "what must be kept cannot be kept, so nothing is handed out"},
});

static_assert(kRows.size() == static_cast<std::size_t>(kStoreUnavailable));

}  // namespace

std::span<const ReasonRow> AllReasons() { return kRows; }

const ReasonRow& RowOf(Reason reason) { return kRows[static_cast<std::size_t>(reason) - 1]; }

std::string_view MoveName(Move move) {
  switch (move) {
    case kCaller:
      return "caller";
    case kUser:
      return "user";
    case kOperator:
      return "operator";
    case kProvider:
      return "provider";
    case kRetry:
      return "retry";
  }
  return "operator";
}

}  // namespace behalf
