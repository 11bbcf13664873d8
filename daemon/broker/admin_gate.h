// Who may administer the daemon.
#pragma once

#include "absl/status/statusor.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/base/clock.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/requests.h"

namespace behalf {

// Thread-safe; the references must outlive it.
class AdminGate {
 public:
  AdminGate(const LiveCatalog& catalogs, AuditSink& audit, const Clock& clock)
      : catalogs_(catalogs), audit_(audit), clock_(clock) {}

  // The catalog in force, for an admin caller of its Daemon document. Anybody
  // else gets kCallerNotAdmin, and a record.
  absl::StatusOr<CatalogInForcePtr> Enter(const CallerPtr& caller) const;

 private:
  const LiveCatalog& catalogs_;
  AuditSink& audit_;
  const Clock& clock_;
};

}  // namespace behalf
