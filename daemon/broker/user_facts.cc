#include "daemon/broker/user_facts.h"

namespace behalf {
namespace {

OptionalList ListOf(const std::optional<std::vector<std::string>>& list) {
  if (!list) return std::nullopt;
  return std::span<const std::string>(*list);
}

std::optional<std::string_view> TextOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

UserFacts FactsOf(const Subject& subject) {
  const SubjectClaims& claims = subject.claims();
  return {.tenant = claims.tenant,
          .object_id = claims.object_id,
          .audience = claims.audience,
          .client = subject.client(),
          .scopes = claims.scopes,
          .guest = claims.guest,
          .groups = ListOf(claims.groups),
          .roles = ListOf(claims.roles),
          .amr = ListOf(claims.amr),
          .auth_contexts = ListOf(claims.auth_contexts),
          .acr = claims.acr,
          .signed_in_at = claims.signed_in_at};
}

DeclaredFacts FactsOf(const Declared& declared) {
  return {.purpose = TextOf(declared.purpose),
          .tool_name = TextOf(declared.tool_name),
          .arguments_digest = TextOf(declared.arguments_digest)};
}

}  // namespace behalf
