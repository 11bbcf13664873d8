#include "daemon/broker/attempt.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/broker/recorded_caller.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/random.h"

namespace behalf {
namespace {

constexpr std::size_t kDecisionIdBytes = 16;

// A refusal is a failure where neither the documents nor the user said no, but
// the provider or the daemon could not.
AuditEvent EventOf(Reason reason) {
  const bool providers = reason >= Reason::kInteractionRequired && reason < Reason::kHandleUnknown;
  const bool daemons = (reason >= Reason::kOverloaded && reason != Reason::kRevoked) ||
                       reason == Reason::kKeysUnavailable;
  return providers || daemons ? AuditEvent::kFailed : AuditEvent::kDenied;
}

void Keep(const ErrorDetail& detail, AuditRecord& record) {
  for (const auto& [key, value] : detail.metadata) {
    if (key == "correlation_id") {
      record.correlation_ids.push_back(value);
    } else if (key == "provider_code") {
      record.provider_code = value;
    } else if (key == "term") {
      record.term = value;
    } else if (key != "claims" && key != "max_age") {
      absl::StrAppend(&record.detail, record.detail.empty() ? "" : "; ", key, ": ", value);
    }
  }
}

}  // namespace

Attempt::Attempt(CatalogInForcePtr in_force, const CallerPtr& caller, absl::Time now)
    : in_force_(std::move(in_force)), now_(now) {
  record.time = now;
  record.decision_id = Hex(RandomBytes(kDecisionIdBytes));
  record.catalog_digest = catalog().digest();
  if (caller) record.caller = RecordedCaller(*caller);
}

void Attempt::Saw(const Agent& agent) {
  agent_ = &agent;
  record.agent = agent.name;
  record.blueprint = agent.blueprint->name;
}

void Attempt::Saw(const Tool& tool) {
  record.tool = tool.name;
  record.separation_none = tool.separation == Separation::kNone;
}

void Attempt::Saw(const Decision& decision) {
  record.term = std::string(decision.term);
  record.detail = decision.detail;
  for (const RuleInForce& rule : decision.applied) {
    record.rules.push_back(NameOf(rule));
    if (rule.rule->then.warn) record.warnings.push_back(NameOf(rule));
  }
  if (decision.decided_by != nullptr) {
    const Place& place = *decision.decided_by;
    record.decided_by = absl::StrCat(place.file, ":", place.line);
  }
  if (decision.allowance == nullptr) return;
  const Place& place = decision.allowance->place;
  record.allowance = absl::StrCat(place.file, ":", place.line);
  record.access = NameOf(decision.allowance->access);
}

void Attempt::Saw(const Exchanged& exchanged) {
  record.cached = exchanged.cached;
  record.scopes = exchanged.token->scopes;
  if (!exchanged.token->correlation_id.empty()) {
    record.correlation_ids.push_back(exchanged.token->correlation_id);
  }
}

absl::Status Attempt::Refused(const absl::Status& why) {
  const ErrorDetail detail = DetailOf(why);
  record.event = EventOf(detail.reason);
  record.token = {};  // none was handed out
  record.reason = detail.reason;
  Keep(detail, record);
  return WithMetadata(why, "decision_id", record.decision_id);
}

}  // namespace behalf
