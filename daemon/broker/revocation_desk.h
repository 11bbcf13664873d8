// What admins may take back and give back.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/audit/token_digest.h"
#include "daemon/base/clock.h"
#include "daemon/base/task.h"
#include "daemon/broker/admin_gate.h"
#include "daemon/broker/outstanding_tokens.h"
#include "daemon/broker/requests.h"
#include "daemon/broker/revocations.h"
#include "daemon/store/revocation.h"

namespace behalf {

// One thing as an admin calls it. Not an aggregate, as requests are not.
struct NamedTarget {
  NamedTarget() = default;

  std::optional<RevocationKind> kind;  // nothing: not one that is known
  std::string name;
  std::string tenant;  // of a user
};

struct RevokeRequest {
  explicit RevokeRequest(CallerPtr who) : caller(std::move(who)) {}

  CallerPtr caller;
  NamedTarget target;
  std::string reason;
  std::optional<absl::Time> until;
};

struct RestoreRequest {
  explicit RestoreRequest(CallerPtr who) : caller(std::move(who)) {}

  CallerPtr caller;
  NamedTarget target;
  std::string reason;
};

struct Revoked {
  RevocationPtr revocation;
  OutstandingTokens::List outstanding;
  std::string unrecorded;  // why there is no record of it; empty: there is one
};

// Thread-safe. Who is no admin gets kCallerNotAdmin.
class RevocationDesk {
 public:
  // All must outlive it and its calls.
  struct Parts {
    const AdminGate& gate;
    Revocations& revocations;
    RevocationStore& store;
    const OutstandingTokens& outstanding;
    AuditSink& audit;
    const TokenNamer& namer;
    const Clock& clock;
  };
  explicit RevocationDesk(Parts parts) : parts_(parts) {}

  // In force from the first moment, and on disk when the answer is there.
  // kRequestInvalid; kStoreUnavailable: in force, and lost by a restart.
  Task<absl::StatusOr<Revoked>> Revoke(RevokeRequest request);

  // Recorded first, on disk next, in force last: what fails leaves it revoked.
  // Answers with what was taken out.
  Task<absl::StatusOr<std::vector<RevocationPtr>>> Restore(RestoreRequest request);

  absl::StatusOr<std::vector<RevocationPtr>> List(const CallerPtr& caller) const;

 private:
  absl::StatusOr<Revocation> Resolve(const Catalog& catalog, const NamedTarget& target) const;
  std::vector<RevocationPtr> SameAs(const Revocation& target) const;
  AuditRecord RecordOf(AuditEvent event, const CallerPtr& caller,
                       const Revocation& revocation) const;

  const Parts parts_;
};

}  // namespace behalf
