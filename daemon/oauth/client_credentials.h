// How a client proves to its provider who it is (RFC 6749 section 2.3).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// Exactly one of the first two is not empty.
struct ClientAuthentication {
  SecretString client_secret;
  SecretString client_assertion;  // a JWT (RFC 7523 section 2.2)
  // Digest of what this was made from: another one means that the credential
  // was replaced.
  std::string basis;
};

// Appends `client_secret`, or `client_assertion` with its type.
void AppendClientAuthentication(std::string& form, const ClientAuthentication& authentication);

// Implementations are thread-safe.
class ClientCredentials {
 public:
  virtual ~ClientCredentials() = default;

  // For one request to the token endpoint of the blueprint's provider, by the
  // credential as it is now. kBlueprintDisabled when there is none.
  virtual absl::StatusOr<ClientAuthentication> For(const Blueprint& blueprint) = 0;

  // The basis that For would state, without the cost of signing.
  virtual absl::StatusOr<std::string> BasisOf(const Blueprint& blueprint) = 0;

  // The provider found the credential's time over: what it is made from is read
  // again at the next use, whether it seems to have changed or not.
  virtual void ReadAgain(const Blueprint& blueprint) = 0;
};

}  // namespace behalf
