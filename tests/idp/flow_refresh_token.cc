#include "tests/idp/client_authentication.h"
#include "tests/idp/flow.h"
#include "tests/idp/refresh_token.h"
#include "tests/idp/user_grant.h"

namespace behalf::idp {
namespace {

class RefreshToken final : public Flow {
 public:
  explicit RefreshToken(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override { return "refresh_token"; }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    const Outcome<Client> client = Authenticate(request, issuer_);
    if (!client.ok()) return client.refusal();
    const Outcome<std::string> token = Required(request, "refresh_token");
    if (!token.ok()) return token.refusal();
    const auto subject = ReadRefreshToken(request, *token, client->id, issuer_.keys());
    if (!subject.ok()) return subject.refusal();
    return GrantAsUser(request, *client, *subject, issuer_);
  }

 private:
  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> RefreshTokenFlow(const Issuer& issuer) {
  return std::make_unique<RefreshToken>(issuer);
}

}  // namespace behalf::idp
