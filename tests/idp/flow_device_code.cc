#include "tests/idp/client_authentication.h"
#include "tests/idp/flow.h"
#include "tests/idp/user_grant.h"

namespace behalf::idp {
namespace {

class DeviceCode final : public Flow {
 public:
  DeviceCode(std::string_view grant_type, const Issuer& issuer)
      : grant_type_(grant_type), issuer_(issuer) {}

  std::string_view grant_type() const override { return grant_type_; }

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
  const std::string_view grant_type_;
  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> DeviceCodeFlow(std::string_view grant_type, const Issuer& issuer) {
  return std::make_unique<DeviceCode>(grant_type, issuer);
}

}  // namespace behalf::idp
