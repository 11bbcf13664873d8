// The public key of a daemon, from a file.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "daemon/crypto/ed25519.h"

namespace behalf::cli {

// As audit-head.pub has it. The failure is for a person, and names the file.
absl::StatusOr<Ed25519PublicKey> ReadKeyFile(const std::string& path);

}  // namespace behalf::cli
