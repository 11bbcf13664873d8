#include "daemon/oauth/entra_subject.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.h"
#include "daemon/oauth/entra_claims.h"

namespace behalf {
namespace {

struct Question {
  const SubjectClaims& claims;
  const Provider& provider;
  absl::Time now;
};

bool IsV1(const SubjectClaims& claims) { return claims.version == "1.0"; }

// Access tokens name the client that obtained them; id tokens do not.
bool IsAccessToken(const Question& q) {
  const bool names_client = !q.claims.client_v1.empty() || !q.claims.client_v2.empty();
  return names_client && !q.claims.has_id_token_marks;
}

// `idtyp` is optional, so the absence of delegated scopes tells as well.
bool BelongsToUser(const Question& q) {
  if (q.claims.identity_type == "app") return false;
  return !q.claims.scopes.empty() || !q.claims.roles;
}

// Signing keys are shared between tenants, so the issuer must be the very one
// of the provider's tenant, in the form of the token's version.
bool IssuerFitsVersion(const Question& q) {
  if (q.claims.version == "1.0") return q.claims.issuer == q.provider.issuer_v1;
  if (q.claims.version == "2.0") return q.claims.issuer == q.provider.issuer_v2;
  return false;
}

bool ClientClaimFitsVersion(const Question& q) {
  const bool v1 = IsV1(q.claims);
  return v1 != q.claims.client_v1.empty() && v1 == q.claims.client_v2.empty();
}

bool TenantIsIssuers(const Question& q) { return q.claims.tenant == q.provider.tenant; }

bool HasBegun(const Question& q) { return q.claims.not_before <= q.now + kClockSkew; }

bool HasNotEnded(const Question& q) { return q.now < q.claims.expires_at + kClockSkew; }

struct Check {
  bool (*holds)(const Question&);
  Reason otherwise;
};

// One row a rule; each has a test that fails without it.
constexpr std::array kChecks = std::to_array<Check>({
    {IsAccessToken, Reason::kSubjectIdToken},
    {BelongsToUser, Reason::kSubjectAppOnly},
    {IssuerFitsVersion, Reason::kSubjectIssuer},
    {ClientClaimFitsVersion, Reason::kSubjectIssuer},
    {TenantIsIssuers, Reason::kSubjectIssuer},
    {HasBegun, Reason::kSubjectNotYetValid},
    {HasNotEnded, Reason::kSubjectExpired},
});

bool IsGraphAudience(std::string_view audience) {
  return audience == "00000003-0000-0000-c000-000000000000" ||
         audience == "https://graph.microsoft.com" || audience == "https://graph.microsoft.com/";
}

std::string Text(const JsonObject& claims, std::string_view name) {
  return std::string(claims.String(name).value_or(""));
}

std::string AccountKind(const JsonObject& claims) {
  if (const auto number = claims.Integer("acct")) return std::to_string(*number);
  return Text(claims, "acct");
}

// Three marks of a guest; Entra leaves `idp` out for members, or states the
// issuer there.
bool IsGuest(const JsonObject& claims, const Provider& provider) {
  const std::string idp = Text(claims, "idp");
  const bool foreign = !idp.empty() && idp != provider.issuer_v1 && idp != provider.issuer_v2;
  return foreign || AccountKind(claims) == "1" || HasFacet(Text(claims, "xms_idrel"), "5");
}

std::optional<std::vector<std::string>> SortedList(const JsonObject& claims,
                                                   std::string_view name) {
  const auto list = claims.Strings(name);
  if (!list) return std::nullopt;
  std::vector<std::string> sorted(list->begin(), list->end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

bool IsOfType(const JsonObject& claims, std::string_view name) {
  if (!claims.Has(name)) return true;
  if (name == "auth_time") return IsPlausibleTime(claims.Integer(name));
  if (name == "acr") return claims.String(name).has_value();
  return claims.Strings(name).has_value();
}

// What says how the user signed in and belongs to what.
void ReadStanding(const JsonObject& json, SubjectClaims& claims) {
  claims.groups = SortedList(json, "groups");
  claims.roles = SortedList(json, "roles");
  claims.amr = SortedList(json, "amr");
  claims.auth_contexts = SortedList(json, "acrs");
  if (const auto acr = json.String("acr")) claims.acr = std::string(*acr);
  if (const auto time = json.Integer("auth_time")) {
    claims.signed_in_at = absl::FromUnixSeconds(*time);
  }
}

}  // namespace

absl::Status RefuseGraphToken(const UnverifiedJwt& jwt) {
  const auto audience = jwt.claims().String("aud");
  if (jwt.HasHeader("nonce") || (audience && IsGraphAudience(*audience))) {
    return MakeError(Reason::kSubjectForGraph);
  }
  return absl::OkStatus();
}

absl::StatusOr<SubjectClaims> ReadSubjectClaims(const VerifiedJwt& jwt, const Provider& provider) {
  const JsonObject& json = jwt.claims();
  const auto missing = [](std::string_view claim) {
    return MakeError(
        ErrorDetail{.reason = Reason::kSubjectClaims, .metadata = {{"claim", std::string(claim)}}});
  };
  for (const std::string_view claim : {"ver", "iss", "aud", "tid", "oid", "sub"}) {
    if (json.String(claim).value_or("").empty()) return missing(claim);
  }
  for (const std::string_view claim : {"exp", "nbf"}) {
    if (!IsPlausibleTime(json.Integer(claim))) return missing(claim);
  }
  for (const std::string_view claim : {"azp", "appid", "scp", "idtyp", "idp", "xms_idrel"}) {
    if (json.Has(claim) && !json.String(claim)) return missing(claim);
  }
  if (json.Has("acct") && AccountKind(json).empty()) return missing("acct");
  for (const std::string_view claim : {"groups", "roles", "amr", "acrs", "acr", "auth_time"}) {
    if (!IsOfType(json, claim)) return missing(claim);
  }
  SubjectClaims claims;
  claims.version = Text(json, "ver");
  claims.issuer = Text(json, "iss");
  claims.audience = Text(json, "aud");
  claims.tenant = LowerCase(Text(json, "tid"));
  claims.object_id = LowerCase(Text(json, "oid"));
  claims.client_v1 = LowerCase(Text(json, "appid"));
  claims.client_v2 = LowerCase(Text(json, "azp"));
  claims.scopes = SplitScopes(Text(json, "scp"));
  claims.has_id_token_marks = json.Has("nonce") || json.Has("at_hash") || json.Has("c_hash");
  claims.identity_type = Text(json, "idtyp");
  claims.guest = IsGuest(json, provider);
  ReadStanding(json, claims);
  claims.not_before = absl::FromUnixSeconds(*json.Integer("nbf"));
  claims.expires_at = absl::FromUnixSeconds(*json.Integer("exp"));
  claims.key_id = std::string(jwt.key_id());
  claims.key_thumbprint = jwt.key_thumbprint();
  return claims;
}

absl::Status CheckSubject(const SubjectClaims& claims, const Provider& provider, absl::Time now) {
  const Question question{claims, provider, now};
  for (const Check& check : kChecks) {
    if (!check.holds(question)) return MakeError(check.otherwise);
  }
  return absl::OkStatus();
}

}  // namespace behalf
