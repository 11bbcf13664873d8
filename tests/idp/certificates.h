// The TLS identity: a CA of its own and a server certificate for localhost,
// made at the first start and used again afterwards.
#pragma once

#include "absl/status/statusor.h"
#include "tests/idp/state_directory.h"

namespace behalf::idp {

struct TlsIdentity {
  std::string ca_file;  // ca.pem: what clients are to trust
  std::string certificate_file;
  std::string key_file;
};

// The CA may sign for localhost, 127.0.0.1 and ::1 only, so that trusting it
// is harmless (RFC 5280 section 4.2.1.10).
absl::StatusOr<TlsIdentity> PrepareTlsIdentity(const StateDirectory& state);

}  // namespace behalf::idp
