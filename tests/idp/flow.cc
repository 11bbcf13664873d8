#include "tests/idp/flow.h"

namespace behalf::idp {

std::vector<std::unique_ptr<Flow>> AllFlows(const Issuer& issuer) {
  std::vector<std::unique_ptr<Flow>> flows;
  flows.push_back(PasswordFlow(issuer));
  flows.push_back(ClientCredentialsFlow(issuer));
  flows.push_back(OnBehalfOfFlow(issuer));
  flows.push_back(AuthorizationCodeFlow(issuer));
  flows.push_back(DeviceCodeFlow("urn:ietf:params:oauth:grant-type:device_code", issuer));
  flows.push_back(DeviceCodeFlow("device_code", issuer));
  flows.push_back(RefreshTokenFlow(issuer));
  flows.push_back(AgentUserFlow(issuer));
  return flows;
}

}  // namespace behalf::idp
