#include "tests/idp/client_authentication.h"
#include "tests/idp/conditional_access.h"
#include "tests/idp/flow.h"
#include "tests/idp/sign_in.h"
#include "tests/idp/user_grant.h"

namespace behalf::idp {
namespace {

class Password final : public Flow {
 public:
  explicit Password(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override { return "password"; }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    if (request.tenant.FindApp(request.client_id) == nullptr) return UnknownClient(request);
    const Outcome<Client> client = Authenticate(request, issuer_);
    if (!client.ok()) return client.refusal();
    const Outcome<const User*> user = SignIn(request);
    if (!user.ok()) return user.refusal();
    const std::string_view claims = request.form.Get("claims").value_or("");
    const Subject subject{*user, Demanded(request.tenant, claims)};
    return GrantAsUser(request, *client, subject, issuer_);
  }

 private:
  static Outcome<const User*> SignIn(const TokenRequest& request) {
    const Outcome<std::string> name = Required(request, "username");
    if (!name.ok()) return name.refusal();
    const Outcome<std::string> password = Required(request, "password");
    if (!password.ok()) return password.refusal();
    return CheckPassword(request.tenant, *name, *password);
  }

  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> PasswordFlow(const Issuer& issuer) {
  return std::make_unique<Password>(issuer);
}

}  // namespace behalf::idp
