#include "tests/idp/consent.h"
#include "tests/idp/flow.h"

namespace behalf::idp {
namespace {

class Password final : public Flow {
 public:
  explicit Password(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override { return "password"; }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    const App* app = request.tenant.FindApp(request.client_id);
    if (app == nullptr) return UnknownClient(request);
    const Outcome<const User*> user = SignIn(request);
    if (!user.ok()) return user.refusal();
    const Outcome<std::string> scope = Required(request, "scope");
    if (!scope.ok()) return scope.refusal();
    const Outcome<ScopeRequest> asked = ReadScopes(*scope, request.tenant);
    if (!asked.ok()) return asked.refusal();
    const Client client{app->id, app->name};
    const auto granted = Granted(*asked, client, {&app->consents});
    if (!granted.ok()) return granted.refusal();
    const bool second_factor =
        AnswersChallenge(request.tenant, request.form.Get("claims").value_or(""));
    const UserAccess access{request.tenant, **user,   *asked->resource,
                            client,         *granted, second_factor};
    return issuer_.UserReply(request, access, *asked);
  }

 private:
  static Outcome<const User*> SignIn(const TokenRequest& request) {
    const Outcome<std::string> name = Required(request, "username");
    if (!name.ok()) return name.refusal();
    const Outcome<std::string> password = Required(request, "password");
    if (!password.ok()) return password.refusal();
    const User* user = request.tenant.FindUser(*name);
    if (user == nullptr) return Refusal{50034, {*name, request.tenant.name}};
    if (user->disabled) return Refusal{50057};
    if (user->password != *password) return Refusal{50126};
    return user;
  }

  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> PasswordFlow(const Issuer& issuer) {
  return std::make_unique<Password>(issuer);
}

}  // namespace behalf::idp
