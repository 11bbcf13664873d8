#include "tests/idp/client_authentication.h"
#include "tests/idp/flow.h"
#include "tests/idp/user_grant.h"

namespace behalf::idp {
namespace {

class OnBehalfOf final : public Flow {
 public:
  explicit OnBehalfOf(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override {
    return "urn:ietf:params:oauth:grant-type:jwt-bearer";
  }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    const Outcome<Client> client = AuthenticateConfidential(request, issuer_);
    if (!client.ok()) return client.refusal();
    if (client->blueprint != nullptr) return Refusal{82002, {client->id}};
    const Outcome<std::string> use = Required(request, "requested_token_use");
    if (!use.ok()) return use.refusal();
    if (*use != "on_behalf_of") {
      return Refusal{9002313, {"The requested_token_use is not supported."}};
    }
    const Outcome<Subject> subject = ReadSubject(request, *client, issuer_.keys());
    if (!subject.ok()) return subject.refusal();
    return GrantAsUser(request, *client, *subject, issuer_);
  }

 private:
  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> OnBehalfOfFlow(const Issuer& issuer) {
  return std::make_unique<OnBehalfOf>(issuer);
}

}  // namespace behalf::idp
