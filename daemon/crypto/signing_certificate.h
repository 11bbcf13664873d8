// A certificate and its key, to sign with.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/base/secret_string.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace behalf {

// An X.509 certificate (RFC 5280) and its RSA key of 2048 to 8192 bits,
// decoded once. Immutable, thread-safe, cheap to copy.
//
// Making one fails with a plain FailedPrecondition whose message continues the
// name of a file: what is wrong and what to do; never the contents.
class SigningCertificate {
 public:
  // PEM (RFC 7468). Of the certificates, the one that the key belongs to; the
  // others, as of a chain, are passed over. Both texts may be the same.
  static absl::StatusOr<SigningCertificate> FromPem(std::string_view certificates,
                                                    const SecretString& key);

  // PKCS#12 (RFC 7292), with the password it was made with; without one where
  // `password` is empty.
  static absl::StatusOr<SigningCertificate> FromPkcs12(const SecretString& der,
                                                       const SecretString& password);

  // RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (PS256 of
  // RFC 7518 section 3.5).
  std::string SignPs256(std::string_view input) const;

  // SHA-256 of the certificate's DER; 32 bytes.
  const std::string& thumbprint() const { return thumbprint_; }
  absl::Time valid_from() const { return valid_from_; }
  absl::Time valid_until() const { return valid_until_; }

 private:
  friend class SigningCertificateMaker;
  SigningCertificate() = default;

  std::shared_ptr<evp_pkey_st> key_;
  std::string thumbprint_;
  absl::Time valid_from_;
  absl::Time valid_until_;
};

}  // namespace behalf
