#include "tests/idp/client_authentication.h"
#include "tests/idp/flow.h"
#include "tests/idp/user_grant.h"

namespace behalf::idp {
namespace {

class DeviceCode final : public Flow {
 public:
  explicit DeviceCode(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override {
    return "urn:ietf:params:oauth:grant-type:device_code";
  }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    if (request.tenant.FindApp(request.client_id) == nullptr) return UnknownClient(request);
    const Outcome<Client> client = Authenticate(request, issuer_);
    if (!client.ok()) return client.refusal();
    const Outcome<std::string> code = Required(request, "device_code");
    if (!code.ok()) return code.refusal();
    const auto authorization =
        issuer_.memory().devices.Redeem(*code, request.tenant.id, client->id, request.now);
    if (!authorization.ok()) return authorization.refusal();
    return GrantAuthorized(request, *client, *authorization, issuer_);
  }

 private:
  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> DeviceCodeFlow(const Issuer& issuer) {
  return std::make_unique<DeviceCode>(issuer);
}

}  // namespace behalf::idp
