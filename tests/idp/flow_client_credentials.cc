#include "tests/idp/client_authentication.h"
#include "tests/idp/flow.h"

namespace behalf::idp {
namespace {

class ClientCredentials final : public Flow {
 public:
  explicit ClientCredentials(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override { return "client_credentials"; }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    const Outcome<Client> client = AuthenticateConfidential(request, issuer_);
    if (!client.ok()) return client.refusal();
    const Outcome<std::string> scope = Required(request, "scope");
    if (!scope.ok()) return scope.refusal();
    const Outcome<std::string> resource = ReadDefaultScope(*scope);
    if (!resource.ok()) return resource.refusal();
    const bool for_federation = *resource == kExchangeUri || *resource == kExchangeAppId;
    if (client->blueprint != nullptr) {
      return AnswerBlueprint(request, *client, *resource, for_federation);
    }
    if (for_federation) return issuer_.FederationReply(request, *client);
    return AnswerItself(request, *client, *resource);
  }

 private:
  Outcome<json::object> AnswerBlueprint(const TokenRequest& request, const Client& client,
                                        const std::string& resource, bool for_federation) const {
    const auto path = request.form.Get("fmi_path");
    if (request.form.Has("fmi_path") && !path.has_value()) {
      return Refusal{9002313, {"The fmi_path is empty."}};
    }
    if (!path.has_value() || !for_federation) return Refusal{82001, {client.id, resource}};
    return issuer_.ExchangeReply(request, *client.blueprint, *path, client.proof);
  }

  // All granted roles, which may be none: whether that suffices is for the API
  // to decide.
  Outcome<json::object> AnswerItself(const TokenRequest& request, const Client& client,
                                     const std::string& name) const {
    const Resource* resource = request.tenant.FindResource(name);
    if (resource == nullptr) return Refusal{500011, {name, request.tenant.name}};
    const AppAccess access{request.tenant, *resource, client,
                           GrantedRoles(*resource, client.consents)};
    return issuer_.AppReply(request, access);
  }

  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> ClientCredentialsFlow(const Issuer& issuer) {
  return std::make_unique<ClientCredentials>(issuer);
}

}  // namespace behalf::idp
