// What the identity provider keeps between its starts.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "tests/idp/openssl_pointers.h"

namespace behalf::idp {

std::optional<std::string> ReadWholeFile(const std::string& path);

// Readers see the old file or the new one, never a part.
absl::Status WriteWholeFile(const std::string& path, std::string_view bytes, mode_t mode);

class StateDirectory {
 public:
  explicit StateDirectory(std::string path) : path_(std::move(path)) {}

  absl::Status Create() const;
  std::string PathOf(std::string_view name) const;

  // Null when the file is absent or no private key.
  KeyPtr ReadKey(std::string_view name) const;
  // PKCS #8, readable by the owner only.
  absl::Status WriteKey(std::string_view name, EVP_PKEY* key) const;
  CertificatePtr ReadCertificate(std::string_view name) const;
  absl::Status WriteCertificate(std::string_view name, X509* certificate) const;

  // Names of files that begin and end so; sorted.
  std::vector<std::string> List(std::string_view prefix, std::string_view suffix) const;

 private:
  std::string path_;
};

}  // namespace behalf::idp
