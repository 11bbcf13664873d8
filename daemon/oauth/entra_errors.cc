#include "daemon/oauth/entra_errors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/jose/json.h"
#include "daemon/oauth/token_response.h"

namespace behalf {
namespace {

using enum Reason;

// Microsoft may change codes and does change texts, so this is data: sorted by
// code; what is not here falls back on `error` (RFC 6749 section 5.2).
constexpr std::array kRows = std::to_array<EntraErrorRow>({
    {28002, kProviderRejected},       // empty scope
    {28003, kProviderRejected},       // empty scope
    {50001, kProviderMisconfigured},  // resource not found in the tenant
    {50012, kCredentialRefused},      // client assertion: certificate not trusted
    {50013, kSubjectRefused},         // assertion: signature, issuer, audience
    {50033, kProviderUnavailable},    // transient
    {50048, kCredentialRefused},      // client assertion: subject and issuer differ
    {50053, kAccessBlocked},          // account locked
    {50057, kSubjectRefused},         // user disabled
    {50072, kInteractionRequired},    // enrolment for MFA
    {50074, kInteractionRequired},    // strong authentication
    {50076, kInteractionRequired},    // MFA by policy
    {50078, kInteractionRequired},    // MFA expired
    {50079, kInteractionRequired},    // enrolment for MFA
    {50087, kProviderUnavailable},    // transient
    {50105, kAccessBlocked},          // user not assigned to the app
    {50131, kAccessBlocked},          // Conditional Access
    {50132, kSubjectRefused},         // session revoked
    {50133, kSubjectRefused},         // session ended: password changed
    {50158, kInteractionRequired},    // external challenge
    {50173, kSubjectRefused},         // token revoked
    {50177, kAccessBlocked},          // external challenge not supported
    {50178, kAccessBlocked},          // session control not supported
    {50196, kProviderThrottled},      // loop detected
    {53000, kAccessBlocked},          // device not compliant
    {53001, kAccessBlocked},          // device not joined
    {53002, kAccessBlocked},          // app not approved
    {53003, kAccessBlocked},          // blocked by Conditional Access
    {53004, kAccessBlocked},          // proof-up blocked by risk
    {53011, kAccessBlocked},          // user blocked by risk
    {65001, kConsentRequired},        // no consent
    {65002, kConsentRequired},        // pre-authorisation needed
    {65004, kConsentRequired},        // user declined
    {65005, kProviderMisconfigured},  // permission list
    {70000, kSubjectRefused},         // grant malformed or revoked
    {70001, kProviderMisconfigured},  // application not found
    {70003, kProviderRejected},       // unsupported grant type
    {70008, kSubjectRefused},         // grant expired
    {70011, kProviderRejected},       // invalid scope
    {70021, kCredentialRefused},      // federated credential mismatch
    {70025, kCredentialRefused},      // no federated credential
    {70043, kInteractionRequired},    // sign-in frequency
    {82001, kProviderRejected},       // agentic application restrictions
    {82002, kProviderRejected},        {82014, kProviderRejected},
    {82018, kProviderRejected},        {90002, kProviderMisconfigured},  // tenant not found
    {90006, kProviderUnavailable},                                       // transient
    {90008, kProviderMisconfigured},    // app asks a token for itself
    {90009, kProviderMisconfigured},    // app asks a token for itself
    {90012, kProviderUnavailable},      // transient
    {90014, kProviderRejected},         // missing field
    {90023, kProviderRejected},         // invalid request
    {90024, kProviderUnavailable},      // transient
    {90033, kProviderUnavailable},      // transient
    {90055, kProviderThrottled},        // tenant throttled
    {90083, kSubjectRefused},           // app-only token as assertion
    {90090, kProviderUnavailable},      // transient
    {90094, kConsentRequired},          // admin consent
    {135010, kProviderMisconfigured},   // key not found
    {240002, kSubjectRefused},          // id token as assertion
    {500011, kProviderMisconfigured},   // resource not found in the tenant
    {500131, kSubjectRefused},          // assertion audience
    {500133, kSubjectRefused},          // assertion expired
    {530032, kAccessBlocked},           // blocked by security policy
    {530035, kAccessBlocked},           // blocked by security defaults
    {650052, kProviderMisconfigured},   // resource not subscribed
    {650056, kProviderMisconfigured},   // misconfigured application
    {650057, kProviderMisconfigured},   // invalid resource
    {700011, kProviderMisconfigured},   // application not found
    {700016, kProviderMisconfigured},   // application not found
    {700022, kProviderRejected},        // several resources
    {700023, kProviderRejected},        // scope without resource
    {700024, kCredentialRefused},       // client assertion outside its time
    {700027, kCredentialRefused},       // client assertion signature
    {700030, kCredentialRefused},       // client assertion certificate
    {700082, kSubjectRefused},          // refresh token expired
    {700084, kSubjectRefused},          // refresh token expired
    {700211, kCredentialRefused},       // federated credential: issuer
    {700212, kCredentialRefused},       // federated credential: audience
    {700213, kCredentialRefused},       // federated credential: subject
    {700229, kCredentialRefused},       // federated credential: not app-only
    {900144, kProviderRejected},        // missing parameter
    {900561, kProviderRejected},        // wrong verb
    {1002012, kProviderRejected},       // client credentials without .default
    {7000112, kProviderMisconfigured},  // application disabled
    {7000114, kSubjectRefused},         // app-only token as assertion
    {7000215, kCredentialRefused},      // wrong secret
    {7000218, kCredentialRefused},      // no credential
    {7000222, kCredentialRefused},      // secret expired
    {9002313, kProviderRejected},       // malformed request
});

static_assert(std::is_sorted(kRows.begin(), kRows.end(),
                             [](const auto& a, const auto& b) { return a.code < b.code; }));

struct OAuthErrorRow {
  std::string_view error;
  Reason reason;
};

constexpr std::array kOAuthRows = std::to_array<OAuthErrorRow>({
    {"invalid_grant", kSubjectRefused},
    {"interaction_required", kInteractionRequired},
    {"consent_required", kConsentRequired},
    {"login_required", kInteractionRequired},
    {"access_denied", kAccessBlocked},
    {"invalid_client", kCredentialRefused},
    {"unauthorized_client", kProviderMisconfigured},
    {"invalid_resource", kProviderMisconfigured},
    {"invalid_scope", kProviderRejected},
    {"invalid_request", kProviderRejected},
    {"unsupported_grant_type", kProviderRejected},
    {"temporarily_unavailable", kProviderUnavailable},
    {"server_error", kProviderUnavailable},
});

std::optional<Reason> ByCode(std::int64_t code) {
  const auto row = std::lower_bound(
      kRows.begin(), kRows.end(), code,
      [](const EntraErrorRow& candidate, std::int64_t wanted) { return candidate.code < wanted; });
  if (row == kRows.end() || row->code != code) return std::nullopt;
  return row->reason;
}

std::optional<Reason> ByError(std::string_view error) {
  for (const OAuthErrorRow& row : kOAuthRows) {
    if (row.error == error) return row.reason;
  }
  return std::nullopt;
}

Reason ReasonOf(const HttpResponse& response, std::optional<std::int64_t> code,
                std::string_view error, std::string_view suberror) {
  const bool asks_to_wait = response.status == 503 && !response.retry_after.empty();
  if (response.status == 429 || asks_to_wait) return kProviderThrottled;
  if (code) {
    if (const auto reason = ByCode(*code)) return *reason;
  }
  if (response.status >= 500) return kProviderUnavailable;
  if (suberror == "consent_required") return kConsentRequired;
  if (suberror == "basic_action") return kInteractionRequired;
  return ByError(error).value_or(kProviderRejected);
}

// What the leg makes of it: the subject takes no part in the first one, so a
// refused grant there is the configuration's fault.
Reason OfLeg(Reason reason, EntraLeg leg) {
  if (leg == EntraLeg::kCredential && reason == kSubjectRefused) return kProviderMisconfigured;
  return reason;
}

// Names and ids out of an error body: short, and of letters that no token or
// secret is made of alone.
bool IsPlainWord(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '-';
  });
}

// A claims challenge travels in a trailer, which gRPC bounds to 8 KB in all.
bool IsChallenge(std::string_view text) {
  return text.size() <= 4096 && JsonObject::Parse(text).ok();
}

void KeepFacts(const JsonObject& json, ErrorDetail& detail) {
  for (const std::string_view name : {"error", "suberror", "correlation_id"}) {
    const auto value = json.String(name);
    if (value && IsPlainWord(*value)) detail.metadata[std::string(name)] = std::string(*value);
  }
  const auto challenge = json.String("claims");
  if (challenge && IsChallenge(*challenge)) detail.metadata["claims"] = std::string(*challenge);
}

bool CanBeRetried(Reason reason) {
  return reason == kProviderThrottled || reason == kProviderUnavailable;
}

}  // namespace

absl::Status WithCorrelation(const absl::Status& failure, const std::string& sent) {
  if (DetailOf(failure).metadata.contains("correlation_id")) return failure;
  return WithMetadata(failure, "correlation_id", sent);
}

std::span<const EntraErrorRow> EntraErrorRows() { return kRows; }

absl::Status EntraError(const HttpResponse& response, EntraLeg leg) {
  const auto json = JsonObject::Parse(response.body.Reveal());
  if (!json.ok()) {
    const bool transient = response.status == 429 || response.status >= 500;
    ErrorDetail detail{.reason = transient ? ReasonOf(response, {}, "", "") : kReplyMalformed};
    if (transient) detail.retry_after = RetryAfter(response, absl::Seconds(1));
    return MakeError(std::move(detail), absl::StrCat("the provider answered HTTP ", response.status,
                                                     " without a JSON object"));
  }
  const auto codes = json->Integers("error_codes");
  const std::optional<std::int64_t> code =
      codes && !codes->empty() ? std::optional(codes->front()) : std::nullopt;
  const std::string_view error = json->String("error").value_or("");
  const std::string_view suberror = json->String("suberror").value_or("");

  ErrorDetail detail{.reason = OfLeg(ReasonOf(response, code, error, suberror), leg)};
  if (code) detail.metadata["provider_code"] = absl::StrCat("AADSTS", *code);
  KeepFacts(*json, detail);
  if (CanBeRetried(detail.reason)) {
    detail.retry_after = RetryAfter(response, absl::Seconds(1));
  }
  return MakeError(std::move(detail));
}

bool SaysEntraIsInTrouble(const HttpResponse& response) {
  if (response.status == 200) return false;
  return DetailOf(EntraError(response, EntraLeg::kOnBehalfOf)).reason == kProviderUnavailable;
}

}  // namespace behalf
