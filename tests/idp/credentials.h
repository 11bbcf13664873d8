// How an application or blueprint may prove itself, as it is registered.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/idp/verifying_key.h"

namespace behalf::idp {

struct Secret {
  std::string value;
  absl::Time expires = absl::InfiniteFuture();
};

struct Certificate {
  std::string sha1;  // of the DER form, as bytes
  std::string sha256;
  std::shared_ptr<const VerifyingKey> key;
};

// Tokens of a foreign issuer that stand for the application.
struct FederatedCredential {
  std::string issuer;
  std::string subject;
  std::string audience;
  VerifyingKeys keys;
};

// Nothing at all: a public client.
struct Credentials {
  std::vector<Secret> secrets;
  std::vector<Certificate> certificates;
  std::vector<FederatedCredential> federated;

  bool empty() const { return secrets.empty() && certificates.empty() && federated.empty(); }
};

}  // namespace behalf::idp
