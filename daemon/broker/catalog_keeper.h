// Decides which catalog is in force.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/base/clock.h"
#include "daemon/broker/catalog_history.h"
#include "daemon/broker/document_set_load.h"
#include "daemon/broker/document_source.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/requests.h"

namespace behalf {

// What came of looking at the documents.
struct CatalogReport {
  absl::Time at;
  CatalogTrigger trigger = CatalogTrigger::kStart;
  bool taken = true;                // false: what was in force stays in force
  std::string digest;               // of what is in force from then on
  std::vector<std::string> issues;  // as LoadedDocuments has them
};

// Thread-safe; one load at a time, others wait for it. A catalog takes over
// whole, after its record was written; where documents do not load, or the
// record cannot be written, the one in force stays. Every load that somebody
// asked for, and every change that was noticed, is recorded and logged.
class CatalogKeeper {
 public:
  // All must outlive the keeper.
  struct Parts {
    DocumentSource& source;
    const HostAccounts& accounts;
    LiveCatalog& live;
    AuditSink& audit;
    const Clock& clock;
    // Called with each catalog that was put in force.
    std::function<void(const Catalog&)> follow = [](const Catalog&) {};
  };

  // `first` is what `live` was made with.
  CatalogKeeper(Parts parts, const LoadedDocuments& first);

  // Loads the documents, changed or not. `caller`: the admin who asked; null
  // where nobody did by a call.
  CatalogReport Reload(CatalogTrigger trigger, const CallerPtr& caller = {})
      ABSL_LOCKS_EXCLUDED(loading_, mutex_);

  // Loads the documents if their text is not what it was when it was last
  // looked at; checks the facts of this host in any case.
  void Look() ABSL_LOCKS_EXCLUDED(loading_, mutex_);

  // Checks the facts of this host, which change with time: credentials expire.
  void Recheck() ABSL_LOCKS_EXCLUDED(loading_, mutex_);

  // Puts an earlier catalog in force, until the documents change or somebody
  // reloads them. kRequestInvalid as of CatalogHistory::Find;
  // kAuditUnavailable: nothing changed.
  absl::StatusOr<CatalogReport> Rollback(std::string_view digest, const CallerPtr& caller)
      ABSL_LOCKS_EXCLUDED(loading_, mutex_);

  struct State {
    CatalogReport last;     // of the last load
    bool documents_differ;  // the text that was last looked at is not what is in force
  };
  State Now() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The newest first.
  std::vector<CatalogEntry> History() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  CatalogReport Settle(const DocumentText& text, CatalogTrigger trigger, const CallerPtr& caller)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(loading_) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Take(LoadedDocuments loaded, AuditEvent event, const CallerPtr& caller,
                    CatalogReport& report) ABSL_EXCLUSIVE_LOCKS_REQUIRED(loading_)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Refuse(const LoadedDocuments& loaded, const CallerPtr& caller, CatalogReport& report)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(loading_);
  void CheckHostAgain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(loading_);
  CatalogReport Begin(CatalogTrigger trigger) const;

  const Parts parts_;
  absl::Mutex loading_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  CatalogHistory history_ ABSL_GUARDED_BY(mutex_);
  std::string seen_ ABSL_GUARDED_BY(mutex_);  // fingerprint of the text last looked at
  CatalogReport last_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
