// What would be decided, and why: the evaluator that decides requests, with
// nothing asked for and nothing handed out.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/audit/token_digest.h"
#include "daemon/base/cancel.h"
#include "daemon/base/clock.h"
#include "daemon/base/task.h"
#include "daemon/broker/attempt.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/requests.h"
#include "daemon/broker/revocations.h"
#include "daemon/oauth/subject_verifier.h"
#include "policies/asked.h"

namespace behalf {

// What an operator asks. Not an aggregate, as requests are not.
struct OperatorsQuestion {
  explicit OperatorsQuestion(CallerPtr who) : caller(std::move(who)) {}

  CallerPtr caller;  // the operator
  Asked asked;
  SecretString subject_token;  // empty: the user is `asked.user`
};

struct Explained {
  std::shared_ptr<const Catalog> catalog;  // what the explanation points into
  Explanation explanation;
  std::string decision_id;
};

// Thread-safe. Every question ends in one record, which shares the quota of
// denials: who asks gets no token, so that an answer does not wait for disk
// space, and nobody fills it by asking. Failures carry a Reason and the
// decision id; a decision that denies is no failure.
class Explainer {
 public:
  // All must outlive it and its calls.
  struct Parts {
    const LiveCatalog& catalogs;
    SubjectVerifier& subjects;
    const Revocations& revocations;
    AuditSink& audit;
    const TokenNamer& namer;
    const Clock& clock;
  };
  explicit Explainer(Parts parts) : parts_(parts) {}

  // For the agent that the caller is: of GetToken, or of CreateHandle where a
  // tool is named.
  Task<absl::StatusOr<Explained>> ForAgent(TokenRequest request, CallContext& call);

  // For an operator, whom the caller has let in under `in_force`.
  Task<absl::StatusOr<Explained>> ForOperator(CatalogInForcePtr in_force,
                                              OperatorsQuestion question, CallContext& call);

 private:
  // What of a request is revoked, as far as its record knows it, by agent.
  std::function<std::string(const Agent&)> RevokedOf(const Attempt& attempt, absl::Time at) const;
  Task<absl::StatusOr<Explanation>> Answer(Attempt& attempt, const TokenRequest& request,
                                           CallContext& call);
  Task<absl::StatusOr<Explanation>> Answer(Attempt& attempt, const OperatorsQuestion& question,
                                           CallContext& call);
  absl::StatusOr<Explained> Record(Attempt& attempt, const CallContext& call,
                                   absl::StatusOr<Explanation> answer);

  const Parts parts_;
};

}  // namespace behalf
