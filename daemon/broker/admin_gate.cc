#include "daemon/broker/admin_gate.h"

#include <utility>

#include "blueprint/daemon_rules.h"
#include "daemon/broker/attempt.h"
#include "daemon/broker/denial.h"

namespace behalf {
namespace {

bool IsForAdmins(const Catalog& catalog, std::string_view socket) {
  return catalog.daemon() != nullptr && IsAdminSocket(*catalog.daemon(), socket);
}

absl::Status NotAdmin() { return DeniedBy("caller", Reason::kCallerNotAdmin); }

}  // namespace

absl::Status AdminGate::Admit(const Caller& caller) const {
  CatalogInForcePtr in_force = catalogs_.Current();
  const Catalog& catalog = *in_force->catalog;
  if (!IsForAdmins(catalog, caller.socket)) return absl::OkStatus();
  if (catalog.IsAdmin(PeerOf(caller))) return absl::OkStatus();
  return Refuse(std::move(in_force), std::make_shared<const Caller>(caller), NotAdmin());
}

bool AdminGate::Serves(const CallerPtr& caller) const {
  return caller && IsForAdmins(*catalogs_.Current()->catalog, caller->socket);
}

absl::StatusOr<CatalogInForcePtr> AdminGate::Enter(const CallerPtr& caller) const {
  CatalogInForcePtr in_force = catalogs_.Current();
  if (caller && in_force->catalog->IsAdmin(PeerOf(*caller))) return in_force;
  return Refuse(std::move(in_force), caller, NotAdmin());
}

absl::Status AdminGate::Refuse(const CallerPtr& caller, const absl::Status& why) const {
  return Refuse(catalogs_.Current(), caller, why);
}

absl::Status AdminGate::Refuse(CatalogInForcePtr in_force, const CallerPtr& caller,
                               const absl::Status& why) const {
  Attempt attempt(std::move(in_force), caller, clock_.Now());
  const absl::Status refusal = attempt.Refused(why);
  // The refusal stands whether or not it could be written.
  audit_.Record(attempt.record).IgnoreError();
  return refusal;
}

}  // namespace behalf
