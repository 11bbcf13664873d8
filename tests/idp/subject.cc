#include "tests/idp/subject.h"

#include "tests/idp/federation.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {
namespace {

Refusal BadAssertion(std::string reason) { return {50013, {std::move(reason)}}; }

// Access tokens name their client; id_tokens only have it as audience. Only
// tokens of users have scopes.
std::optional<Refusal> CheckKind(const json::object& claims) {
  const bool access = claims.contains("azp") || claims.contains("appid");
  if (access && !claims.contains("scp")) {
    return Refusal{7000114, {TextAt(claims, "azp").value_or(TextAt(claims, "appid").value_or(""))}};
  }
  if (!access) return Refusal{240002};
  return std::nullopt;
}

std::optional<Refusal> CheckTimes(const json::object& claims, absl::Time now) {
  const absl::Time ends = absl::FromUnixSeconds(NumberAt(claims, "exp").value_or(0));
  if (now < ends) return std::nullopt;
  return Refusal{500133, {ErrorTime(now), ErrorTime(ends)}};
}

std::optional<Refusal> CheckAudience(const json::object& claims, const Client& client) {
  const Resource& resource = client.app != nullptr ? client.app->resource : client.parent->resource;
  const std::string audience = TextAt(claims, "aud").value_or("");
  if (audience == resource.app_id || audience == resource.uri) return std::nullopt;
  if (client.app != nullptr) return Refusal{500131, {audience, resource.uri, client.id}};
  return BadAssertion("The audience of the assertion is not the agent identity blueprint.");
}

}  // namespace

Outcome<Subject> ReadSubject(const TokenRequest& request, const Client& client,
                             const SigningKeys& keys) {
  const Outcome<std::string> assertion = Required(request, "assertion");
  if (!assertion.ok()) return assertion.refusal();
  const ReadJwt token = ReadAndVerify(keys, *assertion);
  if (token.defect != JwtDefect::kNone) return BadAssertion(Reason(token.defect));
  if (auto refusal = CheckKind(token.claims)) return *refusal;
  if (auto refusal = CheckTimes(token.claims, request.now)) return *refusal;
  if (TextAt(token.claims, "tid") != request.tenant.id) {
    return BadAssertion("The issuer of the assertion is not this tenant.");
  }
  if (auto refusal = CheckAudience(token.claims, client)) return *refusal;
  const User* user = request.tenant.FindUser(TextAt(token.claims, "oid").value_or(""));
  if (user == nullptr) return BadAssertion("The user of the assertion was not found.");
  if (user->disabled) return Refusal{50057};
  return Subject{user, ShownIn(token.claims), true};
}

}  // namespace behalf::idp
