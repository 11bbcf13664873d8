// What survives the process: the record, the state and their keys.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/base/secret_string.h"
#include "daemon/store/sqlite_state.h"

namespace behalf {

struct Kept {
  SecretString digest_key;
  std::unique_ptr<AuditTrail> audit;
  std::unique_ptr<SqliteState> state;
  StoredRevocations revocations;
};

// Opens all of it, or says to the operator what is wrong: also where the state
// is older than what the record says.
absl::StatusOr<Kept> OpenKept(const DaemonSpec& spec);

}  // namespace behalf
