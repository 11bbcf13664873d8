// One flow per grant type. A new grant is a new file with a flow in it and a
// line in AllFlows.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "tests/idp/issuer.h"
#include "tests/idp/token_request.h"

namespace behalf::idp {

// Implementations are thread-safe.
class Flow {
 public:
  virtual ~Flow() = default;
  virtual std::string_view grant_type() const = 0;
  // The reply of RFC 6749 section 5.1, or why there is none.
  virtual Outcome<json::object> Answer(const TokenRequest& request) const = 0;
};

// Resource owner password credentials: how a user's token is obtained here.
std::unique_ptr<Flow> PasswordFlow(const Issuer& issuer);
// Blueprints obtain the exchange tokens of their agents; agents and
// applications access APIs as themselves.
std::unique_ptr<Flow> ClientCredentialsFlow(const Issuer& issuer);
// Agents and applications act on behalf of users.
std::unique_ptr<Flow> OnBehalfOfFlow(const Issuer& issuer);
// Users who signed in on the page.
std::unique_ptr<Flow> AuthorizationCodeFlow(const Issuer& issuer);
// By the name of RFC 8628 and by the short one, which MSAL for Node sends.
std::unique_ptr<Flow> DeviceCodeFlow(std::string_view grant_type, const Issuer& issuer);
std::unique_ptr<Flow> RefreshTokenFlow(const Issuer& issuer);
// `user_fic`: an agent acts as its own user account.
std::unique_ptr<Flow> AgentUserFlow(const Issuer& issuer);

std::vector<std::unique_ptr<Flow>> AllFlows(const Issuer& issuer);

}  // namespace behalf::idp
