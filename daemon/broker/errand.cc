#include "daemon/broker/errand.h"

namespace behalf {

Errand ErrandOf(const TokenRequest& request, const Agent& agent) {
  return {.agent = &agent,
          .caller = *request.caller,
          .subject_token = request.subject_token.Clone(),
          .tool = request.tool,
          .api = request.api,
          .access = *request.access,
          .scopes = request.scopes,
          .within = std::nullopt,
          .declared = request.declared};
}

Facts FactsBeforeUser(const Attempt& attempt, const Errand& errand) {
  return {.agent = errand.agent,
          .caller = PeerOf(errand.caller),
          .tool = errand.tool,
          .api = errand.api,
          .access = errand.access,
          .scopes = errand.scopes,
          .within = errand.within,
          .declared = DeclaredBy(errand.declared),
          .now = attempt.now(),
          .disabled = !attempt.in_force().IsEnabled(*errand.agent->blueprint)};
}

UserFacts FactsOf(const Subject& subject) { return FactsOf(subject.claims(), subject.client()); }

}  // namespace behalf
