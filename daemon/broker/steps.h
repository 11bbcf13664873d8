// What requests of agents go through alike: who asks, for which user, and how
// a refusal ends.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/audit/token_digest.h"
#include "daemon/base/cancel.h"
#include "daemon/base/clock.h"
#include "daemon/base/task.h"
#include "daemon/broker/attempt.h"
#include "daemon/oauth/subject_verifier.h"

namespace behalf {

// Which agent is asking? `name` as in the request.
absl::StatusOr<const Agent*> Identify(Attempt& attempt, const CallerPtr& caller,
                                      std::string_view name);

// Who is the user? Only whom the provider vouches for comes on record.
Task<absl::StatusOr<SubjectPtr>> VerifyUser(Attempt& attempt, SubjectVerifier& subjects,
                                            const TokenNamer& namer, SecretString token,
                                            const Provider& provider, CallContext& call);

// Records a refusal; returns what the caller gets. A refusal stands whether or
// not it could be written: nothing leaves.
absl::Status Refuse(Attempt& attempt, const CallContext& call, const absl::Status& why,
                    AuditSink& audit, const Clock& clock);

}  // namespace behalf
