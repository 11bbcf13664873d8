// Keys to mint tokens with in tests: good ones, and the forgeries that a
// verifier must refuse.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace behalf {

// A key pair, made once per process and kept. Thread-safe.
class TestKey {
 public:
  static const TestKey& Rsa2048();
  static const TestKey& OtherRsa2048();  // for signatures by the wrong key
  static const TestKey& Rsa1024();       // too short to be accepted
  static const TestKey& P256();
  static const TestKey& OtherP256();

  // The JWK, `use` sig. `extra` is JSON to add, as in R"("alg":"RS256")".
  std::string PublicJwk(std::string_view kid, std::string_view extra = {}) const;

  // header.payload.signature, compact. `algorithm` says how it is signed,
  // whatever the header says: RS256, PS256, ES256; PS256-SALT20, a PSS salt of
  // the wrong length; HS256, with the public key's PEM as the secret; none,
  // with an empty signature.
  std::string Sign(std::string_view algorithm, std::string_view header_json,
                   std::string_view payload_json) const;

  // The usual case: Sign with {"alg":algorithm,"kid":kid,"typ":"JWT"}.
  std::string Token(std::string_view algorithm, std::string_view kid,
                    std::string_view payload_json) const;

  // The signature alone; ES256 as r and s, 64 bytes.
  std::string Signature(std::string_view algorithm, std::string_view input) const;

  // The private key as PEM (PKCS#8).
  std::string PrivatePem() const;

  // A self-signed certificate for the key, as PEM, and its SHA-256.
  struct Certificate {
    std::string pem;
    std::string sha256;
  };
  Certificate SelfSigned(absl::Time from, absl::Time until) const;

  // PKCS#12 with the key and such a certificate.
  std::string Pkcs12(absl::Time from, absl::Time until, const std::string& password) const;

  // The public key as PEM and DER (SubjectPublicKeyInfo), for key confusion.
  std::string PublicPem() const;
  std::string PublicDer() const;

 private:
  explicit TestKey(evp_pkey_st* key);

  std::shared_ptr<evp_pkey_st> key_;
};

// {"keys":[...]}
std::string JwkSet(std::initializer_list<std::string> jwks);

}  // namespace behalf
