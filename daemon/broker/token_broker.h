// The use case: verify, decide, exchange, record, answer.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/audit/token_digest.h"
#include "daemon/base/cancel.h"
#include "daemon/base/clock.h"
#include "daemon/base/task.h"
#include "daemon/broker/attempt.h"
#include "daemon/broker/errand.h"
#include "daemon/broker/handle_desk.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/outstanding_tokens.h"
#include "daemon/broker/requests.h"
#include "daemon/broker/revocations.h"
#include "daemon/oauth/subject_verifier.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// Thread-safe. Every call ends in one record; a token leaves only after its
// record is written. Failures carry a Reason and the decision id.
class TokenBroker {
 public:
  // All must outlive the broker and its calls.
  struct Parts {
    const LiveCatalog& catalogs;
    SubjectVerifier& subjects;
    TokenExchanger& exchanger;
    HandleDesk& handles;
    Revocations& revocations;
    OutstandingTokens& outstanding;
    AuditSink& audit;
    const TokenNamer& namer;
    const Clock& clock;
  };
  explicit TokenBroker(Parts parts) : parts_(parts) {}

  Task<absl::StatusOr<IssuedToken>> GetToken(TokenRequest request, CallContext& call);
  Task<absl::StatusOr<CreatedHandle>> CreateHandle(TokenRequest request, CallContext& call);
  Task<absl::StatusOr<IssuedToken>> RedeemHandle(RedeemRequest request, CallContext& call);

 private:
  // What was decided, and what came of it.
  struct Issued {
    Issued(ExchangeRequest what, Exchanged result)
        : request(std::move(what)), exchanged(std::move(result)) {}
    ExchangeRequest request;
    Exchanged exchanged;
  };

  Task<absl::StatusOr<Issued>> Issue(Attempt& attempt, const TokenRequest& request,
                                     CallContext& call);
  Task<absl::StatusOr<ExchangeRequest>> Authorise(Attempt& attempt, Errand errand,
                                                  CallContext& call);

  Task<absl::StatusOr<Exchanged>> Exchange(const ExchangeRequest& request, CallContext& call);

  // Of a redemption; see handle_redemption.cc.
  absl::StatusOr<Errand> Resume(Attempt& attempt, const RedeemRequest& request,
                                const OpenedHandle& handle);
  Task<absl::StatusOr<IssuedToken>> Redeem(Attempt& attempt, const RedeemRequest& request,
                                           CallContext& call);
  Task<absl::StatusOr<Exchanged>> RedeemOnce(Attempt& attempt, OpenedHandle& handle,
                                             ExchangeRequest request, CallContext& call);

  absl::StatusOr<Exchanged> Repeat(Attempt& attempt, ApiToken answer,
                                   const ExchangeRequest& request);

  // For operators: what of it is revoked; empty: nothing.
  std::string Revoked(const Attempt& attempt) const;
  // The record of a hand-out. kAuditUnavailable when it cannot be written;
  // kRevoked, and no record, when something was revoked meanwhile.
  absl::Status Record(Attempt& attempt, AuditEvent event, const Exchanged& exchanged);
  // The last look before the answer, whose token expires then.
  absl::StatusOr<Handouts::Permit> HandOut(const Attempt& attempt);
  // Records a refusal; returns what the caller gets.
  absl::Status Refuse(Attempt& attempt, const CallContext& call, const absl::Status& why);

  const Parts parts_;
};

}  // namespace behalf
