#include "daemon/broker/admin_gate.h"

#include "daemon/broker/attempt.h"
#include "daemon/broker/denial.h"

namespace behalf {

absl::StatusOr<CatalogInForcePtr> AdminGate::Enter(const CallerPtr& caller) const {
  CatalogInForcePtr in_force = catalogs_.Current();
  if (caller && in_force->catalog->IsAdmin(PeerOf(*caller))) return in_force;
  Attempt attempt(std::move(in_force), caller, clock_.Now());
  const absl::Status refusal = attempt.Refused(DeniedBy("caller", Reason::kCallerNotAdmin));
  // The refusal stands whether or not it could be written.
  audit_.Record(attempt.record).IgnoreError();
  return refusal;
}

}  // namespace behalf
