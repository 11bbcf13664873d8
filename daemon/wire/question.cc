#include "daemon/wire/question.h"

#include <algorithm>
#include <string>

#include "daemon/wire/access.h"
#include "daemon/wire/times.h"

namespace behalf {
namespace {

template <typename Strings>
std::vector<std::string> Sorted(const Strings& strings) {
  std::vector<std::string> sorted(strings.begin(), strings.end());
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  return sorted;
}

std::optional<std::vector<std::string>> ListOf(bool present, const v1::ClaimValues& values) {
  if (!present) return std::nullopt;
  return Sorted(values.values());
}

AskedUser UserOf(const v1::UserClaims& claims) {
  AskedUser user = {.tenant = claims.tenant(),
                    .object_id = claims.object_id(),
                    .audience = claims.audience(),
                    .client = claims.client(),
                    .scopes = Sorted(claims.scopes()),
                    .guest = claims.guest(),
                    .groups = ListOf(claims.has_groups(), claims.groups()),
                    .roles = ListOf(claims.has_roles(), claims.roles()),
                    .amr = ListOf(claims.has_amr(), claims.amr()),
                    .auth_contexts = ListOf(claims.has_auth_contexts(), claims.auth_contexts())};
  if (!claims.acr().empty()) user.acr = claims.acr();
  if (claims.has_signed_in_at()) user.signed_in_at = FromMessage(claims.signed_in_at());
  return user;
}

}  // namespace

Asked FromMessage(const v1::AdminExplainRequest& message, absl::Time now) {
  return {.socket = message.caller().socket(),
          .uid = message.caller().uid(),
          .groups = {message.caller().gids().begin(), message.caller().gids().end()},
          .agent = message.agent(),
          .tool = message.tool(),
          .api = message.api(),
          .access = FromMessage(message.access()),
          .scopes = {message.scopes().begin(), message.scopes().end()},
          .user = UserOf(message.claims()),
          .purpose = message.declared().purpose(),
          .tool_name = message.declared().tool_name(),
          .arguments_digest = message.declared().arguments_digest(),
          .at = message.has_at() ? FromMessage(message.at()) : now};
}

}  // namespace behalf
