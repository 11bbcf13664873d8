#include "tests/idp/client_authentication.h"
#include "tests/idp/flow.h"

namespace behalf::idp {
namespace {

class ClientCredentials final : public Flow {
 public:
  explicit ClientCredentials(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override { return "client_credentials"; }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    const Blueprint* blueprint = request.tenant.FindBlueprint(request.client_id);
    if (blueprint == nullptr) return UnknownClient(request);
    const Outcome<Client> client = AuthenticateBlueprint(request, *blueprint);
    if (!client.ok()) return client.refusal();
    const Outcome<std::string> scope = Required(request, "scope");
    if (!scope.ok()) return scope.refusal();
    const Outcome<std::string> resource = ReadDefaultScope(*scope);
    if (!resource.ok()) return resource.refusal();
    if (request.form.Has("fmi_path") && !request.form.Get("fmi_path")) {
      return Refusal{9002313, {"The fmi_path is empty."}};
    }
    const auto path = request.form.Get("fmi_path");
    const bool for_exchange = *resource == kExchangeUri || *resource == kExchangeAppId;
    if (!path.has_value() || !for_exchange) return Refusal{82001, {blueprint->id, *resource}};
    return issuer_.ExchangeReply(request, *blueprint, *path, client->proof);
  }

 private:
  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> ClientCredentialsFlow(const Issuer& issuer) {
  return std::make_unique<ClientCredentials>(issuer);
}

}  // namespace behalf::idp
