// PKCS#12 files that open and yet hold no certificate with its key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pkcs12.h>

#include <memory>

#include "absl/strings/escaping.h"
#include "daemon/crypto/openssl.h"
#include "daemon/crypto/signing_certificate.h"
#include "tests/fakes/test_keys.h"

namespace behalf {
namespace {

using testing::HasSubstr;

constexpr char kPassword[] = "s3cret";

using FilePtr = std::unique_ptr<PKCS12, OpensslFree<PKCS12_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;

// A certificate alone, encrypted by RC2 (openssl pkcs12 -export -legacy -nokeys).
constexpr char kOldCipher[] =
    "MIICVAIBAzCCAgoGCSqGSIb3DQEHAaCCAfsEggH3MIIB8zCCAe8GCSqGSIb3DQEHBqCCAeAwggHcAgEAMIIB1QYJKoZI"
    "hvcNAQcBMBwGCiqGSIb3DQEMAQYwDgQIgXd/vRzX4TACAggAgIIBqDmfqu/2S1+BWUcelmMpY5oLOMHwVQg5GIDcrLEV"
    "VSWusk9GuDAWUUg5n7/GT+P+zPYMbhtfERveYBx5t6FF9XYe7dSAYKfpTxPo2Zsr4uUOhbsNBVrIkfjbM2QMSc8SMFV8"
    "crWvAeRIR/6RgDnlyEFR+UnB4/mFeGD8PoWLgTha2bZdlW0dzgYNIOngrS+dOQlCINA6hSXLYpVM1vnFQI+N0ju78RY/"
    "3MfWMj6JWvzTLKtLBrXh9XVgtMvcyZ2jlnau8Hg6PteSKLguNfMHY7tOypjYPSrUpVelT9GP33UUQlS6WPakzw0a0jQ/"
    "Fphzhs2fKCS9RWD3blyVVhxxMznGrcR5BsUBsD7V1P+wi+7R0fYwBWPA6pcmbbOmxOgluNcAv2eBwyK39BbuuAxOeRN3"
    "dUiHHyKYpqZirGQfLAaB6do2gDSZ5a2QkeF8Cs5aHN39OMwSqCL9ilc8amdiEUx1Tk9+nO91vltvAy0mFYCjYQvL8jxh"
    "cEhrntwSt3RfLV6fTYejiPJEknqbY6WvRXEemlwJ//YzdK09KZpAkHIc2Vx5rSMjbgEwQTAxMA0GCWCGSAFlAwQCAQUA"
    "BCBo+pl5CtCe4vq88XNVkKOpd6vq62RCrriITmZckMHrigQIjk7Vocl8mA8CAggA";

FilePtr Whole() {
  const std::string der = TestKey::Rsa2048().Pkcs12(
      absl::FromUnixSeconds(1'700'000'000), absl::FromUnixSeconds(1'800'000'000), kPassword);
  const unsigned char* at = Octets(der);
  return FilePtr(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
}

std::string Refusal(std::string_view der, std::string_view password) {
  const auto made = SigningCertificate::FromPkcs12(SecretString(der), SecretString(password));
  return made.ok() ? "none" : std::string(made.status().message());
}

std::string Refusal(PKCS12* file, std::string_view password) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PKCS12(file, &bytes);
  const std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return Refusal(der, password);
}

TEST(Pkcs12, WithHalfOfThePairIsRefused) {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  ASSERT_EQ(PKCS12_parse(Whole().get(), kPassword, &key, &certificate, nullptr), 1);
  const KeyPtr owned_key(key);
  const CertificatePtr owned_certificate(certificate);
  const FilePtr halves[] = {
      FilePtr(PKCS12_create(kPassword, "a", key, nullptr, nullptr, 0, 0, 0, 0, 0)),
      FilePtr(PKCS12_create(kPassword, "a", nullptr, certificate, nullptr, 0, 0, 0, 0, 0))};
  for (const FilePtr& half : halves) {
    ASSERT_NE(half, nullptr);
    EXPECT_THAT(Refusal(half.get(), kPassword), HasSubstr("a certificate and its key"));
  }
}

TEST(Pkcs12, SealedByOnePasswordAndEncryptedByAnotherIsRefused) {
  const FilePtr file = Whole();
  ASSERT_EQ(PKCS12_set_mac(file.get(), "other", -1, nullptr, 0, 0, nullptr), 1);
  EXPECT_THAT(Refusal(file.get(), "other"), HasSubstr("cannot be read whole"));
  EXPECT_THAT(Refusal(file.get(), kPassword), HasSubstr("does not open with its password"));
}

TEST(Pkcs12, ByAnOldCipherIsToldFromAWrongPassword) {
  std::string der;
  ASSERT_TRUE(absl::Base64Unescape(kOldCipher, &der));
  EXPECT_THAT(Refusal(der, kPassword), HasSubstr("protected by an old cipher"));
  EXPECT_THAT(Refusal(der, "other"), HasSubstr("does not open with its password"));
}

}  // namespace
}  // namespace behalf
