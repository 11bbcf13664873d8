#include "tests/idp/client_authentication.h"
#include "tests/idp/federation.h"
#include "tests/idp/flow.h"
#include "tests/idp/user_grant.h"

namespace behalf::idp {
namespace {

class AgentUser final : public Flow {
 public:
  explicit AgentUser(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override { return "user_fic"; }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    const Outcome<Client> client = AuthenticateConfidential(request, issuer_);
    if (!client.ok()) return client.refusal();
    if (client->agent == nullptr) return Refusal{70003, {std::string(grant_type())}};
    const auto token = Required(request, "user_federated_identity_credential");
    if (!token.ok()) return token.refusal();
    const Party itself{client->id, client->id};
    if (auto refusal = CheckFederationToken(request, *token, itself, issuer_.keys())) {
      return *refusal;
    }
    const Outcome<const User*> user = FindUser(request, *client);
    if (!user.ok()) return user.refusal();
    return GrantAsUser(request, *client, {*user, {}, true}, issuer_);
  }

 private:
  static Outcome<const User*> FindUser(const TokenRequest& request, const Client& client) {
    const auto name = request.form.Get("username");
    const auto id = request.form.Get("user_id");
    if (name.has_value() == id.has_value()) {
      return Refusal{9002313, {"Either username or user_id must be present."}};
    }
    const std::string_view wanted = name.has_value() ? *name : *id;
    const User* user = request.tenant.FindUser(wanted);
    if (user == nullptr) return Refusal{50034, {std::string(wanted), request.tenant.name}};
    if (user->agent != client.id) return Refusal{50105, {user->upn, client.id, client.name}};
    if (user->disabled) return Refusal{50057};
    return user;
  }

  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> AgentUserFlow(const Issuer& issuer) {
  return std::make_unique<AgentUser>(issuer);
}

}  // namespace behalf::idp
