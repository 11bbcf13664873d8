// A key that the daemon makes for itself once and keeps.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// The 32 bytes kept in `directory`/`name`, as 64 hexadecimal digits. Made on
// first use: readable by the owner only, on disk before this returns, whole
// or not at all; of several processes that try at once, one makes it and all
// get it. Later uses check the file as ReadSecretFile does. Thread-safe.
//
// Fails with a plain FailedPrecondition whose message is for an operator.
absl::StatusOr<SecretString> PersistentKey(const std::string& directory, const std::string& name);

}  // namespace behalf
