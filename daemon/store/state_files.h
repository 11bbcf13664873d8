// The state at rest: whose it is, copies of it, and how it is made anew.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/base/descriptor.h"
#include "daemon/store/revocation.h"

namespace behalf {

// All fail with a plain FailedPrecondition whose message is for an operator.

// Held for as long as the state in `directory` is used; the kernel lets go of
// it with the process. Fails while another process holds it.
absl::StatusOr<Descriptor> LockState(const std::string& directory);

// A copy as of one moment, whether or not a daemon runs. `file` must not exist.
absl::Status BackUpState(const std::string& directory, const std::string& file);

// What a backup holds.
absl::StatusOr<StoredRevocations> ReadBackup(const std::string& file);

// Puts this in the place of the state, whole or not at all, while no daemon
// runs. What was there is kept as state.db.replaced.
absl::Status ReplaceState(const std::string& directory, const StoredRevocations& revocations);

}  // namespace behalf
