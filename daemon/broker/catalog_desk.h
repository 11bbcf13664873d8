// What admins may do with the catalog.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/base/executor.h"
#include "daemon/base/task.h"
#include "daemon/broker/admin_gate.h"
#include "daemon/broker/catalog_keeper.h"
#include "daemon/broker/requests.h"

namespace behalf {

// Thread-safe. Loading takes as long as the documents are large: it runs on
// `executor`, so that the threads of calls serve meanwhile. Who is no admin
// gets kCallerNotAdmin. All must outlive it and its calls.
class CatalogDesk {
 public:
  CatalogDesk(const AdminGate& gate, CatalogKeeper& keeper, Executor& executor)
      : gate_(gate), keeper_(keeper), executor_(executor) {}

  Task<absl::StatusOr<CatalogReport>> Reload(CallerPtr caller);

  // Failures as of CatalogKeeper::Rollback, recorded.
  Task<absl::StatusOr<CatalogReport>> Rollback(CallerPtr caller, std::string digest);

  absl::StatusOr<std::vector<CatalogEntry>> History(const CallerPtr& caller) const;

 private:
  const AdminGate& gate_;
  CatalogKeeper& keeper_;
  Executor& executor_;
};

}  // namespace behalf
