#include "policies/asked.h"

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

UserFacts FactsOf(const AskedUser& user) {
  return {.tenant = user.tenant,
          .object_id = user.object_id,
          .audience = user.audience,
          .client = user.client,
          .scopes = user.scopes,
          .guest = user.guest,
          .groups = ListOf(user.groups),
          .roles = ListOf(user.roles),
          .amr = ListOf(user.amr),
          .auth_contexts = ListOf(user.auth_contexts),
          .acr = user.acr,
          .signed_in_at = user.signed_in_at};
}

Question QuestionOf(const Asked& asked) {
  return {.agent = asked.agent,
          .facts = {.caller = {.socket = asked.socket, .uid = asked.uid, .groups = asked.groups},
                    .user = FactsOf(asked.user),
                    .tool = asked.tool,
                    .api = asked.api,
                    .scopes = asked.scopes,
                    .declared = {.purpose = TextOf(asked.purpose),
                                 .tool_name = TextOf(asked.tool_name),
                                 .arguments_digest = TextOf(asked.arguments_digest)},
                    .now = asked.at},
          .disabled = asked.disabled};
}

}  // namespace behalf
