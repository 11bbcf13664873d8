#include "daemon/broker/steps.h"

#include <utility>

#include "daemon/base/error.h"
#include "daemon/broker/denial.h"
#include "policies/identify.h"

namespace behalf {
namespace {

// gRPC tells a deadline that is over as a cancellation, by a clock that need not
// agree with ours to the millisecond.
constexpr absl::Duration kInexact = absl::Milliseconds(100);

}  // namespace

absl::StatusOr<const Agent*> Identify(Attempt& attempt, const CallerPtr& caller,
                                      std::string_view name) {
  if (!caller) return DeniedBy("caller", Reason::kCallerUnknown);
  const AgentChoice choice = ChooseAgent(attempt.catalog(), PeerOf(*caller), name);
  if (choice.denied) return DeniedBy("caller", *choice.denied, choice.detail);
  attempt.Saw(*choice.agent);
  return choice.agent;
}

Task<absl::StatusOr<SubjectPtr>> VerifyUser(Attempt& attempt, SubjectVerifier& subjects,
                                            const TokenNamer& namer, SecretString token,
                                            const Provider& provider, CallContext& call) {
  attempt.record.subject_digest = namer.Digest(token.Reveal());
  auto subject = co_await subjects.Verify(std::move(token), provider, attempt.now(), call);
  if (!subject.ok()) co_return WithMetadata(subject.status(), "term", "user");
  const Subject& user = **subject;
  attempt.record.user = {.tid = user.tenant(),
                         .oid = user.object_id(),
                         .digest = namer.Pseudonym("", user.tenant(), user.object_id())};
  co_return std::move(subject);
}

absl::Status Refuse(Attempt& attempt, const CallContext& call, const absl::Status& why,
                    AuditSink& audit, const Clock& clock) {
  const bool too_late =
      DetailOf(why).reason == Reason::kCancelled && clock.Now() + kInexact >= call.deadline;
  const absl::Status refusal = attempt.Refused(too_late ? MakeError(Reason::kDeadline) : why);
  audit.Record(attempt.record).IgnoreError();
  return refusal;
}

}  // namespace behalf
