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

  // Whether the caller's connection is to be served at all: on a socket of
  // admins only theirs are. kCallerNotAdmin otherwise, and a record.
  absl::Status Admit(const Caller& caller) const;

  // Whether there is an Admin service on the caller's socket.
  bool Serves(const CallerPtr& caller) const;

  // The catalog in force, for an admin caller of its Daemon document. Anybody
  // else gets kCallerNotAdmin, and a record.
  absl::StatusOr<CatalogInForcePtr> Enter(const CallerPtr& caller) const;

  // Records that what an admin asked for was refused; returns what the admin
  // gets.
  absl::Status Refuse(const CallerPtr& caller, const absl::Status& why) const;

 private:
  absl::Status Refuse(CatalogInForcePtr in_force, const CallerPtr& caller,
                      const absl::Status& why) const;

  const LiveCatalog& catalogs_;
  AuditSink& audit_;
  const Clock& clock_;
};

}  // namespace behalf
