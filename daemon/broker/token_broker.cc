#include "daemon/broker/token_broker.h"

#include <algorithm>
#include <utility>

#include "daemon/base/error.h"
#include "daemon/broker/denial.h"
#include "daemon/broker/errand.h"
#include "daemon/broker/steps.h"
#include "daemon/broker/validate.h"
#include "policies/decide.h"

namespace behalf {
namespace {

Grant GrantOf(const TokenRequest& request, const ExchangeRequest& decided) {
  Grant grant;
  grant.agent = decided.agent->name;
  grant.agent_id = decided.agent->id;
  grant.tool = request.tool;
  grant.api = request.api;
  grant.access = *request.access;
  grant.scopes = decided.scopes;
  grant.subject_token = request.subject_token.Clone();
  grant.creator = *request.caller;
  grant.declared = request.declared;
  return grant;
}

}  // namespace

// What only a tool may have leaves by RedeemHandle, whatever the request says.
Task<absl::StatusOr<IssuedToken>> TokenBroker::GetToken(TokenRequest request, CallContext& call) {
  request.for_handle = false;
  request.tool.clear();
  Attempt attempt(parts_.catalogs.Current(), request.caller, parts_.clock.Now());
  Describe(request, attempt.record);
  auto issued = co_await Issue(attempt, request, call);
  if (!issued.ok()) co_return Refuse(attempt, call, issued.status());
  const absl::Status recorded = Record(attempt, AuditEvent::kTokenIssued, issued->exchanged);
  if (!recorded.ok()) co_return Refuse(attempt, call, recorded);
  auto permit = HandOut(attempt);
  if (!permit.ok()) co_return Refuse(attempt, call, permit.status());
  co_return IssuedToken{.permit = *std::move(permit),
                        .token = std::move(issued->exchanged.token),
                        .decision_id = attempt.decision_id(),
                        .api = std::move(request.api),
                        .subject_ref = {}};
}

Task<absl::StatusOr<CreatedHandle>> TokenBroker::CreateHandle(TokenRequest request,
                                                              CallContext& call) {
  request.for_handle = true;
  Attempt attempt(parts_.catalogs.Current(), request.caller, parts_.clock.Now());
  Describe(request, attempt.record);
  auto issued = co_await Issue(attempt, request, call);
  if (!issued.ok()) co_return Refuse(attempt, call, issued.status());

  absl::Time expires_at = attempt.now() + request.lifetime.value_or(kLongestHandle);
  if (const SubjectPtr& user = issued->request.subject) {
    expires_at = std::min(expires_at, user->expires_at());
  }
  Grant grant = GrantOf(request, issued->request);
  auto handle = co_await parts_.handles.Create(std::move(grant), expires_at, attempt.now());
  if (!handle.ok()) co_return Refuse(attempt, call, handle.status());
  attempt.record.handle_digest = parts_.namer.Digest(handle->Reveal());
  const absl::Status recorded = Record(attempt, AuditEvent::kHandleCreated, issued->exchanged);
  if (!recorded.ok()) co_return Refuse(attempt, call, recorded);
  auto permit = HandOut(attempt);
  if (!permit.ok()) co_return Refuse(attempt, call, permit.status());
  co_return CreatedHandle{.permit = *std::move(permit),
                          .handle = *std::move(handle),
                          .expires_at = expires_at,
                          .scopes = issued->exchanged.token->scopes,
                          .decision_id = attempt.decision_id()};
}

Task<absl::StatusOr<TokenBroker::Issued>> TokenBroker::Issue(Attempt& attempt,
                                                             const TokenRequest& request,
                                                             CallContext& call) {
  const auto agent = Identify(attempt, request.caller, request.agent);
  if (!agent.ok()) co_return agent.status();
  const absl::Status valid = request.for_handle ? ValidateForHandle(request) : Validate(request);
  if (!valid.ok()) co_return valid;

  Errand errand = ErrandOf(request, **agent);
  auto decided = co_await Authorise(attempt, std::move(errand), call);
  if (!decided.ok()) co_return decided.status();
  auto exchanged = co_await Exchange(*decided, call);
  if (!exchanged.ok()) co_return exchanged.status();
  co_return Issued(*std::move(decided), *std::move(exchanged));
}

// Who is the user, if there is one, and may it happen? Answers with what to ask
// the provider for, never wider than the decision.
Task<absl::StatusOr<ExchangeRequest>> TokenBroker::Authorise(Attempt& attempt, Errand errand,
                                                             CallContext& call) {
  if (absl::Status knows = parts_.revocations.Knows(); !knows.ok()) co_return knows;
  Facts facts = FactsBeforeUser(attempt, errand);
  facts.revoked = Revoked(attempt);
  SubjectPtr subject;
  const bool may_go_on = !facts.disabled && facts.revoked.empty();
  if (may_go_on && facts.access == Access::kDelegated) {
    auto verified =
        co_await VerifyUser(attempt, parts_.subjects, parts_.namer, std::move(errand.subject_token),
                            *errand.agent->blueprint->provider, call);
    if (!verified.ok()) co_return verified.status();
    subject = *std::move(verified);
    facts.user = FactsOf(*subject);
    facts.revoked = Revoked(attempt);
  }
  const Decision decision = Decide(attempt.catalog(), facts);
  attempt.Saw(decision);
  if (!decision.allowed()) co_return ErrorOf(decision);

  ExchangeRequest request(attempt.catalog_ptr(), *errand.agent, *decision.allowance, subject);
  request.scopes = decision.scopes;
  request.withheld = decision.withheld;
  request.max_lifetime = decision.max_lifetime;
  request.reuse_for = decision.reuse_for;
  request.decision_id = attempt.decision_id();
  request.trace_id = attempt.record.trace.id;
  request.trace_sampled = attempt.record.trace.sampled;
  co_return std::move(request);
}

// A token that an operator revoked is not handed out again, but replaced.
Task<absl::StatusOr<Exchanged>> TokenBroker::Exchange(const ExchangeRequest& request,
                                                      CallContext& call) {
  ExchangeRequest asked = request;
  auto exchanged = co_await parts_.exchanger.Exchange(std::move(asked), call);
  if (!exchanged.ok() || !exchanged->cached || parts_.revocations.none()) co_return exchanged;
  const std::string digest = parts_.namer.Digest(exchanged->token->value.Reveal());
  if (!parts_.revocations.Find({.token_digest = digest}, parts_.clock.Now())) co_return exchanged;
  parts_.exchanger.Forget(request);
  ExchangeRequest again = request;
  co_return co_await parts_.exchanger.Exchange(std::move(again), call);
}

std::string TokenBroker::Revoked(const Attempt& attempt) const {
  const auto found =
      parts_.revocations.Find(InvolvedIn(attempt.record, attempt.agent()), parts_.clock.Now());
  return found ? DescriptionOf(*found) : "";
}

absl::Status TokenBroker::Record(Attempt& attempt, AuditEvent event, const Exchanged& exchanged) {
  attempt.Saw(exchanged);
  AuditRecord& record = attempt.record;
  record.event = event;
  if (event != AuditEvent::kHandleCreated) {
    record.token = {.digest = parts_.namer.Digest(exchanged.token->value.Reveal()),
                    .uti = exchanged.token->unique_id,
                    .expires_at = exchanged.token->expires_at};
  }
  const std::string revoked = Revoked(attempt);
  if (!revoked.empty()) return DeniedBy("revocation", Reason::kRevoked, revoked);
  return parts_.audit.Record(record);
}

absl::StatusOr<Handouts::Permit> TokenBroker::HandOut(const Attempt& attempt) {
  const AuditRecord& record = attempt.record;
  const absl::Time now = parts_.clock.Now();
  auto permit = parts_.revocations.HandOut(InvolvedIn(record, attempt.agent()), now);
  if (permit.ok() && record.token.expires_at) {
    parts_.outstanding.Note(OutstandingIn(record, *attempt.agent()), now);
  }
  return permit;
}

absl::Status TokenBroker::Refuse(Attempt& attempt, const CallContext& call,
                                 const absl::Status& why) {
  return behalf::Refuse(attempt, call, why, parts_.audit, parts_.clock);
}

}  // namespace behalf
