#include "tests/idp/base64url.h"
#include "tests/idp/client_authentication.h"
#include "tests/idp/flow.h"
#include "tests/idp/user_grant.h"

namespace behalf::idp {
namespace {

// A verifier where nothing was challenged is refused too (RFC 9700 section
// 4.8.2).
bool Verifies(const TokenRequest& request, const std::string& challenge) {
  const auto verifier = request.form.Get("code_verifier");
  if (challenge.empty() || !verifier.has_value()) return challenge.empty() && !verifier;
  return Base64Url(Sha256(*verifier)) == challenge;
}

class AuthorizationCode final : public Flow {
 public:
  explicit AuthorizationCode(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override { return "authorization_code"; }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    if (request.tenant.FindApp(request.client_id) == nullptr) return UnknownClient(request);
    const Outcome<Client> client = Authenticate(request, issuer_);
    if (!client.ok()) return client.refusal();
    const Outcome<std::string> code = Required(request, "code");
    if (!code.ok()) return code.refusal();
    const Outcome<std::string> uri = Required(request, "redirect_uri");
    if (!uri.ok()) return uri.refusal();
    const auto authorization =
        issuer_.memory().codes.Redeem(*code, request.tenant.id, client->id, request.now);
    if (!authorization.ok()) return authorization.refusal();
    if (*uri != authorization->redirect_uri) {
      return Refusal{500112, {*uri, authorization->redirect_uri}};
    }
    if (!Verifies(request, authorization->challenge)) return Refusal{501481};
    return GrantAuthorized(request, *client, *authorization, issuer_);
  }

 private:
  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> AuthorizationCodeFlow(const Issuer& issuer) {
  return std::make_unique<AuthorizationCode>(issuer);
}

}  // namespace behalf::idp
