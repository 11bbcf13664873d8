// The redeeming half of TokenBroker: a tool trades a handle for its token.
#include <algorithm>
#include <utility>

#include "daemon/base/error.h"
#include "daemon/broker/denial.h"
#include "daemon/broker/token_broker.h"
#include "daemon/broker/validate.h"
#include "daemon/oauth/entra_reply.h"
#include "policies/decide.h"
#include "policies/identify.h"

namespace behalf {
namespace {

// Who is no tool at all learns nothing about handles.
absl::Status RefuseNonTool(const Catalog& catalog, const CallerPtr& caller) {
  if (!caller) return DeniedBy("caller", Reason::kCallerUnknown);
  const UnixPeer peer = PeerOf(*caller);
  if (!catalog.ToolsOf(peer).empty()) return absl::OkStatus();
  const bool known = !catalog.AgentsOf(peer).empty() || catalog.IsAdmin(peer);
  if (known) return DeniedBy("caller", Reason::kCallerNotTool);
  return DeniedBy("caller", Reason::kCallerUnknown, DescribeUnknown(catalog, peer));
}

// The agent as it was, if it still is: same identity, same caller.
const Agent* SameAgent(const Catalog& catalog, const Grant& grant) {
  const Agent* const agent = catalog.FindAgent(grant.agent);
  if (agent == nullptr || agent->id != grant.agent_id) return nullptr;
  const auto now = catalog.AgentsOf(PeerOf(grant.creator));
  return std::find(now.begin(), now.end(), agent) == now.end() ? nullptr : agent;
}

// The tool's pseudonym of the user; empty when nobody is acted for.
std::string SubjectRef(const TokenNamer& namer, const std::string& tool, const SubjectPtr& user) {
  return user ? namer.Pseudonym(tool, user->tenant(), user->object_id()) : "";
}

bool CanBeRepeated(const absl::Status& failure) {
  const ErrorDetail detail = DetailOf(failure);
  return detail.retry_after.has_value() || RowOf(detail.reason).move == Move::kRetry ||
         detail.reason == Reason::kCancelled || detail.reason == Reason::kAuditUnavailable;
}

}  // namespace

Task<absl::StatusOr<IssuedToken>> TokenBroker::RedeemHandle(RedeemRequest request,
                                                            CallContext& call) {
  Attempt attempt(parts_.catalogs.Current(), request.caller, parts_.clock.Now());
  Describe(request, attempt.record);
  auto redeemed = co_await Redeem(attempt, request, call);
  if (redeemed.ok()) co_return redeemed;
  co_return Refuse(attempt, call, redeemed.status());
}

Task<absl::StatusOr<IssuedToken>> TokenBroker::Redeem(Attempt& attempt,
                                                      const RedeemRequest& request,
                                                      CallContext& call) {
  absl::Status refused = RefuseNonTool(attempt.catalog(), request.caller);
  if (refused.ok()) refused = Validate(request);
  if (!refused.ok()) co_return refused;

  attempt.record.handle_digest = parts_.namer.Digest(request.handle.Reveal());
  auto handle = co_await parts_.handles.Open(request.handle.Clone());
  if (!handle.ok()) co_return handle.status();
  auto errand = Resume(attempt, request, *handle);
  if (!errand.ok()) co_return errand.status();
  auto decided = co_await Authorise(attempt, *std::move(errand), call);
  if (!decided.ok()) co_return decided.status();

  const std::string subject_ref = SubjectRef(parts_.namer, handle->grant.tool, decided->subject);
  auto reservation = co_await parts_.handles.Reserve(*handle, request.request_id, attempt.now());
  if (!reservation.ok()) co_return reservation.status();

  absl::StatusOr<Exchanged> exchanged = absl::UnknownError("");
  if (reservation->repeated) {
    exchanged = Repeat(attempt, *std::move(reservation->repeated), *decided);
  } else {
    exchanged = co_await RedeemOnce(attempt, *handle, *std::move(decided), call);
  }
  if (!exchanged.ok()) co_return exchanged.status();
  auto permit = HandOut(attempt);
  if (!permit.ok()) co_return permit.status();
  co_return IssuedToken{.permit = *std::move(permit),
                        .token = std::move(exchanged->token),
                        .decision_id = attempt.decision_id(),
                        .api = handle->grant.api,
                        .subject_ref = subject_ref};
}

// Whether this caller may have what the handle stands for, under the catalog
// now in force.
absl::StatusOr<Errand> TokenBroker::Resume(Attempt& attempt, const RedeemRequest& request,
                                           const OpenedHandle& handle) {
  const Grant& grant = handle.grant;
  const Catalog& catalog = attempt.catalog();
  const UnixPeer redeemer = PeerOf(*request.caller);
  attempt.record.agent = grant.agent;
  attempt.record.tool = grant.tool;
  attempt.record.api = grant.api;
  Describe(grant.declared, attempt.record);
  const absl::Status valid = ValidateScopes(request.scopes, grant.access);
  if (!valid.ok()) return valid;

  const Tool* const tool = catalog.FindTool(grant.tool);
  if (tool == nullptr) return DeniedBy("tool", Reason::kNotAllowed, "the tool is gone");
  attempt.Saw(*tool);
  if (const auto reason = RefuseTool(catalog, redeemer, *tool)) {
    return DeniedBy("caller", *reason);
  }
  const Agent* const agent = SameAgent(catalog, grant);
  if (agent == nullptr) {
    return DeniedBy("agent", Reason::kNotAllowed, "the agent or its callers have changed");
  }
  attempt.Saw(*agent);
  if (NotSeparated(catalog, *agent, *tool, redeemer)) {
    return DeniedBy("caller", Reason::kHandleNotSeparated);
  }
  return Errand{.agent = agent,
                .caller = grant.creator,
                .subject_token = grant.subject_token.Clone(),
                .tool = grant.tool,
                .api = grant.api,
                .access = grant.access,
                .scopes = request.scopes,
                .within = grant.scopes,
                .declared = grant.declared};
}

// The handle is reserved. It is spent before the answer leaves, and after the
// record is written; what a repetition can mend leaves it open.
Task<absl::StatusOr<Exchanged>> TokenBroker::RedeemOnce(Attempt& attempt, OpenedHandle& handle,
                                                        ExchangeRequest request,
                                                        CallContext& call) {
  auto exchanged = co_await Exchange(request, call);
  if (exchanged.ok()) {
    const absl::Status recorded = Record(attempt, AuditEvent::kHandleRedeemed, *exchanged);
    if (!recorded.ok()) exchanged = recorded;
  }
  const absl::Time now = parts_.clock.Now();
  absl::Status moved;
  if (exchanged.ok()) {
    moved = co_await parts_.handles.Spend(handle, exchanged->token.get(), now);
  } else if (CanBeRepeated(exchanged.status())) {
    moved = co_await parts_.handles.Reopen(handle, now);
  } else {
    moved = co_await parts_.handles.Spend(handle, nullptr, now);
  }
  if (exchanged.ok() && !moved.ok()) co_return moved;
  co_return exchanged;
}

// The same answer again, if time and documents still permit it.
absl::StatusOr<Exchanged> TokenBroker::Repeat(Attempt& attempt, ApiToken answer,
                                              const ExchangeRequest& request) {
  const absl::Status fits = CheckLimits(answer, request, attempt.now());
  if (!fits.ok()) return fits;
  Exchanged exchanged{.token = std::make_shared<const ApiToken>(std::move(answer)), .cached = true};
  const absl::Status recorded = Record(attempt, AuditEvent::kHandleRedeemed, exchanged);
  if (!recorded.ok()) return recorded;
  return exchanged;
}

}  // namespace behalf
