#include "tests/idp/client_authentication.h"
#include "tests/idp/consent.h"
#include "tests/idp/flow.h"
#include "tests/idp/subject.h"

namespace behalf::idp {
namespace {

class OnBehalfOf final : public Flow {
 public:
  explicit OnBehalfOf(const Issuer& issuer) : issuer_(issuer) {}

  std::string_view grant_type() const override {
    return "urn:ietf:params:oauth:grant-type:jwt-bearer";
  }

  Outcome<json::object> Answer(const TokenRequest& request) const override {
    if (const Blueprint* blueprint = request.tenant.FindBlueprint(request.client_id)) {
      return RefuseBlueprint(request, *blueprint);
    }
    const Blueprint* parent = request.tenant.ParentOf(request.client_id);
    if (parent == nullptr) return UnknownClient(request);
    return AnswerAgent(request, *parent, *FindAgent(*parent, request.client_id));
  }

 private:
  static Refusal RefuseBlueprint(const TokenRequest& request, const Blueprint& blueprint) {
    const Outcome<Client> client = AuthenticateBlueprint(request, blueprint);
    return client.ok() ? Refusal{82002, {blueprint.id}} : client.refusal();
  }

  Outcome<json::object> AnswerAgent(const TokenRequest& request, const Blueprint& parent,
                                    const Agent& agent) const {
    const Outcome<std::string> use = Required(request, "requested_token_use");
    if (!use.ok()) return use.refusal();
    if (*use != "on_behalf_of") {
      return Refusal{9002313, {"The requested_token_use is not supported."}};
    }
    const Outcome<Client> client = AuthenticateAgent(request, parent, agent, issuer_.keys());
    if (!client.ok()) return client.refusal();
    const Outcome<Subject> subject = ReadSubject(request, parent, issuer_.keys());
    if (!subject.ok()) return subject.refusal();
    return Exchange(request, parent, agent, *client, *subject);
  }

  Outcome<json::object> Exchange(const TokenRequest& request, const Blueprint& parent,
                                 const Agent& agent, const Client& client,
                                 const Subject& subject) const {
    const Outcome<std::string> scope = Required(request, "scope");
    if (!scope.ok()) return scope.refusal();
    const Outcome<ScopeRequest> asked = ReadScopes(*scope, request.tenant);
    if (!asked.ok()) return asked.refusal();
    const auto granted = Granted(*asked, client, {&parent.consents, &agent.consents});
    if (!granted.ok()) return granted.refusal();
    if (subject.user->require_mfa && !subject.second_factor) {
      return Refusal{50076, {asked->resource->app_id}, SecondFactorChallenge(request.tenant)};
    }
    const UserAccess access{request.tenant, *subject.user, *asked->resource,
                            client,         *granted,      subject.second_factor};
    return issuer_.UserReply(request, access, *asked);
  }

  const Issuer& issuer_;
};

}  // namespace

std::unique_ptr<Flow> OnBehalfOfFlow(const Issuer& issuer) {
  return std::make_unique<OnBehalfOf>(issuer);
}

}  // namespace behalf::idp
