#include "daemon/oauth/entra_reply.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "daemon/base/error.h"
#include "daemon/jose/jwt.h"
#include "daemon/oauth/echoes.h"
#include "daemon/oauth/entra_claims.h"

namespace behalf {
namespace {

// A token with less left is not worth handing out.
constexpr absl::Duration kLeastRemaining = absl::Seconds(10);

struct Comparison {
  const JsonObject& claims;
  const ProviderReply& reply;
  const ExchangeRequest& request;
  const ApiToken& token;
  absl::Time now;
};

bool Is(const Comparison& c, std::string_view claim, std::string_view expected) {
  return c.claims.String(claim) == expected;
}

bool IsLowerCased(const Comparison& c, std::string_view claim, std::string_view expected) {
  const auto value = c.claims.String(claim);
  return value && LowerCase(*value) == expected;
}

bool IsV1(const Comparison& c) { return Is(c, "ver", "1.0"); }

bool IsBearer(const Comparison& c) { return absl::EqualsIgnoreCase(c.reply.token_type, "Bearer"); }

bool IssuerIsProviders(const Comparison& c) {
  if (IsV1(c)) return Is(c, "iss", c.request.provider().issuer_v1);
  return Is(c, "ver", "2.0") && Is(c, "iss", c.request.provider().issuer_v2);
}

bool VersionIsApis(const Comparison& c) {
  const TokenVersion expected = c.request.api().token_version;
  return expected == TokenVersion::kEither || IsV1(c) == (expected == TokenVersion::k1);
}

bool TenantIsProviders(const Comparison& c) {
  return IsLowerCased(c, "tid", c.request.provider().tenant);
}

bool AudienceIsApis(const Comparison& c) {
  const auto audience = c.claims.String("aud");
  const auto& expected = c.request.api().audiences;
  return audience && std::find(expected.begin(), expected.end(), *audience) != expected.end();
}

bool ClientIsAgent(const Comparison& c) {
  return IsLowerCased(c, IsV1(c) ? "appid" : "azp", c.request.agent->id);
}

// The agent's parent is stated only where the API asks for the claim; where it
// is, it must be the blueprint. An application has none.
bool ParentIsBlueprint(const Comparison& c) {
  if (!c.claims.Has("xms_par_app_azp")) return true;
  return !c.request.agent->is_application &&
         IsLowerCased(c, "xms_par_app_azp", c.request.blueprint().client_id);
}

// Facet 11 is an agent identity; the list holds other numbers besides.
bool ActorIsWhoAsked(const Comparison& c) {
  if (!c.claims.Has("xms_act_fct")) return true;
  const bool is_agent = HasFacet(c.claims.String("xms_act_fct").value_or(""), "11");
  return is_agent != c.request.agent->is_application;
}

bool IsDelegated(const Comparison& c) { return c.request.access() == Access::kDelegated; }

// `idtyp` is stated only where the API asks for the claim.
bool IsOfTheAskedKind(const Comparison& c) {
  return !c.claims.Has("idtyp") || Is(c, "idtyp", IsDelegated(c) ? "user" : "app");
}

// Scopes are a user's; an application has roles.
bool HasScopesForAUserOnly(const Comparison& c) { return IsDelegated(c) || !c.claims.Has("scp"); }

// Of a user, `sub` is pairwise and says nothing; `oid` within `tid` is the
// user. Of an application both are its service principal.
bool SubjectIsTheSame(const Comparison& c) {
  if (!IsDelegated(c))
    return IsLowerCased(c, "oid", LowerCase(c.claims.String("sub").value_or("")));
  return IsLowerCased(c, "oid", c.request.subject->object_id()) &&
         IsLowerCased(c, "tid", c.request.subject->tenant());
}

bool Includes(const std::vector<std::string>& sorted, const std::string& value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

bool CarriesAllAsked(const std::vector<std::string>& carried, const ExchangeRequest& request) {
  return std::includes(carried.begin(), carried.end(), request.scopes.begin(),
                       request.scopes.end());
}

bool CarriesNoMore(const std::vector<std::string>& carried, const ExchangeRequest& request) {
  return std::all_of(carried.begin(), carried.end(), [&](const std::string& scope) {
    if (Includes(request.scopes, scope)) return true;
    return Includes(request.allowance->accept, scope) && !Includes(request.withheld, scope);
  });
}

bool ScopesSuffice(const Comparison& c) { return CarriesAllAsked(c.token.scopes, c.request); }

bool ScopesAreWithinBounds(const Comparison& c) { return CarriesNoMore(c.token.scopes, c.request); }

bool HasBegun(const Comparison& c) {
  const auto not_before = c.claims.Integer("nbf");
  return !c.claims.Has("nbf") || (IsPlausibleTime(not_before) &&
                                  absl::FromUnixSeconds(*not_before) <= c.now + absl::Seconds(60));
}

bool HasTimeLeft(const Comparison& c) { return c.token.expires_at > c.now + kLeastRemaining; }

// By the token's own word: a short expires_in around it ends nothing.
bool LivesNoLonger(const Comparison& c) {
  const absl::Time ends = absl::FromUnixSeconds(*c.claims.Integer("exp"));
  return ends - c.now <= c.request.max_lifetime;
}

struct Check {
  bool (*holds)(const Comparison&);
  Reason otherwise;
};

// One row a comparison; each has a test that fails without it.
constexpr std::array kChecks = std::to_array<Check>({
    {IsBearer, Reason::kReplyTokenType},
    {IssuerIsProviders, Reason::kReplyIssuer},
    {VersionIsApis, Reason::kReplyIssuer},
    {TenantIsProviders, Reason::kReplyTenant},
    {AudienceIsApis, Reason::kReplyAudience},
    {ClientIsAgent, Reason::kReplyAgent},
    {ParentIsBlueprint, Reason::kReplyActor},
    {ActorIsWhoAsked, Reason::kReplyActor},
    {IsOfTheAskedKind, Reason::kReplyUser},
    {HasScopesForAUserOnly, Reason::kReplyUser},
    {SubjectIsTheSame, Reason::kReplyUser},
    {ScopesSuffice, Reason::kReplyScopeMissing},
    {ScopesAreWithinBounds, Reason::kReplyScopeExcess},
    {HasBegun, Reason::kReplyExpired},
    {HasTimeLeft, Reason::kReplyExpired},
    {LivesNoLonger, Reason::kReplyLifetime},
});

// What the operator needs to see why scopes or audiences do not fit.
ErrorDetail Explain(const Comparison& c, Reason reason) {
  ErrorDetail detail{.reason = reason, .metadata = {}};
  if (!c.reply.correlation_id.empty()) {
    detail.metadata["correlation_id"] = c.reply.correlation_id;
  }
  if (reason == Reason::kReplyAudience) {
    detail.metadata["audience"] = std::string(c.claims.String("aud").value_or("(none)"));
  }
  if (reason == Reason::kReplyScopeExcess || reason == Reason::kReplyScopeMissing) {
    for (const std::string& scope : c.token.scopes) detail.metadata["carried"] += scope + " ";
  }
  return detail;
}

// The earlier of what the token and what the reply around it says.
absl::StatusOr<absl::Time> ExpiryOf(const JsonObject& claims, const ProviderReply& reply,
                                    absl::Time now) {
  const auto expires = claims.Integer("exp");
  if (!IsPlausibleTime(expires)) {
    return MakeError(Reason::kReplyMalformed, "the provider's token has no usable exp");
  }
  const absl::Time by_token = absl::FromUnixSeconds(*expires);
  if (!reply.expires_in) return by_token;
  return std::min(by_token, now + absl::Seconds(*reply.expires_in));
}

// What the token carries, as far as it is about this access; sorted. Nothing:
// it cannot be told.
std::optional<std::vector<std::string>> CarriedBy(const JsonObject& claims, Access access) {
  if (access == Access::kDelegated) return SplitScopes(claims.String("scp").value_or(""));
  if (!claims.Has("roles")) return std::vector<std::string>();
  const auto stated = claims.Strings("roles");
  if (!stated) return std::nullopt;
  std::vector<std::string> roles(stated->begin(), stated->end());
  std::ranges::sort(roles);
  return roles;
}

}  // namespace

absl::StatusOr<ApiToken> CheckEntraReply(ProviderReply reply, const ExchangeRequest& request,
                                         absl::Time now) {
  const auto jwt = UnverifiedJwt::Parse(reply.access_token.Reveal());
  if (!jwt.ok()) {
    return MakeError(Reason::kReplyMalformed, "the provider's token is not a JWT");
  }
  const auto expires_at = ExpiryOf(jwt->claims(), reply, now);
  if (!expires_at.ok()) return expires_at.status();

  auto carried = CarriedBy(jwt->claims(), request.access());
  if (!carried) return MakeError(Reason::kReplyMalformed, "the token's roles are no list of texts");

  ApiToken token;
  token.expires_at = *expires_at;
  token.obtained_at = now;
  token.scopes = *std::move(carried);
  const std::string_view asked_for = request.subject_token();
  const std::string_view unique_id = jwt->claims().String("uti").value_or("");
  if (!HoldsPieceOf(unique_id, asked_for)) token.unique_id = unique_id;
  token.correlation_id = reply.correlation_id;

  const Comparison comparison{jwt->claims(), reply, request, token, now};
  for (const Check& check : kChecks) {
    if (check.holds(comparison)) continue;
    return WithoutEchoes(MakeError(Explain(comparison, check.otherwise)),
                         {comparison.reply.access_token.Reveal(), asked_for});
  }
  token.value = std::move(reply.access_token);
  return token;
}

absl::Status CheckLimits(const ApiToken& token, const ExchangeRequest& request, absl::Time now) {
  if (token.expires_at <= now + kLeastRemaining) return MakeError(Reason::kReplyExpired);
  if (token.expires_at - token.obtained_at > request.max_lifetime) {
    return MakeError(Reason::kReplyLifetime);
  }
  if (!CarriesAllAsked(token.scopes, request)) return MakeError(Reason::kReplyScopeMissing);
  if (!CarriesNoMore(token.scopes, request)) return MakeError(Reason::kReplyScopeExcess);
  return absl::OkStatus();
}

}  // namespace behalf
