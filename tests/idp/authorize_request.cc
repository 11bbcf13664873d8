#include "tests/idp/authorize_request.h"

#include "tests/idp/base64url.h"
#include "tests/idp/guid.h"
#include "tests/idp/scopes.h"

namespace behalf::idp {
namespace {

std::string Value(const Form& query, std::string_view name) {
  return std::string(query.Get(name).value_or(""));
}

Outcome<const App*> FindClient(const Form& query, const Tenant& tenant) {
  const std::string sent = Value(query, "client_id");
  if (sent.empty()) return Refusal{900144, {"client_id"}};
  const std::string id = ParseGuid(sent).value_or(sent);
  if (tenant.FindBlueprint(id) != nullptr || tenant.ParentOf(id) != nullptr) return Refusal{82018};
  const App* app = tenant.FindApp(id);
  if (app == nullptr) return Refusal{700016, {id, tenant.name}};
  return app;
}

std::optional<Refusal> CheckChallenge(const Form& query) {
  if (!query.Has("code_challenge")) return std::nullopt;
  if (query.Get("code_challenge_method") != "S256") {
    return Refusal{9002313, {"The code_challenge_method is not supported."}};
  }
  const auto digest = FromBase64Url(Value(query, "code_challenge"));
  if (digest.has_value() && digest->size() == 32) return std::nullopt;
  return Refusal{9002313, {"The code_challenge is no SHA-256 digest."}};
}

}  // namespace

Outcome<Asking> ReadAsking(const Form& query, const Tenant& tenant) {
  const auto app = FindClient(query, tenant);
  if (!app.ok()) return app.refusal();
  const std::string uri = Value(query, "redirect_uri");
  if (!IsRegistered(uri, (*app)->redirect_uris)) return Refusal{50011, {uri, (*app)->id}};
  const auto mode = ParseResponseMode(Value(query, "response_mode"));
  if (!mode.has_value()) return Refusal{9002313, {"The response_mode is not supported."}};
  Asking asking{*app, {.uri = uri, .mode = *mode}};
  if (query.Has("state")) asking.address.state = Value(query, "state");
  return asking;
}

Outcome<Authorization> ReadAuthorizeRequest(const Form& query, const Tenant& tenant,
                                            const Asking& asking) {
  const std::string type = Value(query, "response_type");
  if (type != "code") return Refusal{700051, {type}};
  if (!query.Get("scope").has_value()) return Refusal{900144, {"scope"}};
  if (const auto scopes = ReadScopes(*query.Get("scope"), tenant); !scopes.ok()) {
    return scopes.refusal();
  }
  if (auto refusal = CheckChallenge(query)) return *refusal;
  if (query.Get("prompt") == "none") return Refusal{50058};
  return Authorization{.client_id = asking.app->id,
                       .tenant_id = tenant.id,
                       .user_id = {},
                       .redirect_uri = asking.address.uri,
                       .challenge = Value(query, "code_challenge"),
                       .scope = Value(query, "scope"),
                       .nonce = Value(query, "nonce")};
}

}  // namespace behalf::idp
