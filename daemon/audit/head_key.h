// The key that signs the heads of the record.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "daemon/crypto/ed25519.h"

namespace behalf {

// Kept in the state directory as audit-head.key, by the daemon alone
// (persistent_key.h), and made there at first use. Its public part is left
// beside it as audit-head.pub, in PEM, for who checks the record elsewhere.
//
// Fails with a plain FailedPrecondition whose message is for an operator.
absl::StatusOr<Ed25519PrivateKey> HeadKey(const std::string& state_directory);

// Where that public part lies.
std::string HeadKeyFile(const std::string& state_directory);

}  // namespace behalf
