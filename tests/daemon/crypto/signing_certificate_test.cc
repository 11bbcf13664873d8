#include "daemon/crypto/signing_certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/test_keys.h"

namespace behalf {
namespace {

using testing::HasSubstr;

const absl::Time kFrom = absl::FromUnixSeconds(1'700'000'000);
const absl::Time kUntil = absl::FromUnixSeconds(1'800'000'000);

SecretString Secret(std::string_view text) { return SecretString(text); }

std::string CertificateOf(const TestKey& key) { return key.SelfSigned(kFrom, kUntil).pem; }

std::string Refusal(const std::string& certificates, const std::string& key) {
  const auto made = SigningCertificate::FromPem(certificates, Secret(key));
  return made.ok() ? "none" : std::string(made.status().message());
}

TEST(SigningCertificate, IsReadFromPemInOneTextOrTwo) {
  const TestKey& key = TestKey::Rsa2048();
  const TestKey::Certificate certificate = key.SelfSigned(kFrom, kUntil);
  const std::string both = key.PrivatePem() + certificate.pem;
  for (const std::string& text : {key.PrivatePem(), both}) {
    const auto made = SigningCertificate::FromPem(certificate.pem, Secret(text));
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_EQ(made->thumbprint(), certificate.sha256);
    EXPECT_EQ(made->valid_from(), kFrom);
    EXPECT_EQ(made->valid_until(), kUntil);
  }
}

TEST(SigningCertificate, OfAChainTheKeysOwnCounts) {
  const TestKey::Certificate own = TestKey::Rsa2048().SelfSigned(kFrom, kUntil);
  const std::string chain = CertificateOf(TestKey::OtherRsa2048()) + own.pem;
  const auto made = SigningCertificate::FromPem(chain, Secret(TestKey::Rsa2048().PrivatePem()));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->thumbprint(), own.sha256);
}

TEST(SigningCertificate, IsReadFromPkcs12WithAndWithoutPassword) {
  for (const std::string password : {"", "s3cret"}) {
    const std::string der = TestKey::Rsa2048().Pkcs12(kFrom, kUntil, password);
    const auto made = SigningCertificate::FromPkcs12(Secret(der), Secret(password));
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_EQ(made->valid_until(), kUntil);
  }
}

TEST(SigningCertificate, SaysWhatIsWrongWithPem) {
  const TestKey& rsa = TestKey::Rsa2048();
  const std::string certificate = CertificateOf(rsa);
  EXPECT_THAT(Refusal("nothing", rsa.PrivatePem()), HasSubstr("holds no certificate in PEM form"));
  EXPECT_THAT(Refusal(certificate, certificate), HasSubstr("holds no private key in PEM form"));
  EXPECT_THAT(Refusal(certificate, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"),
              HasSubstr("protected by a password"));
  EXPECT_THAT(Refusal(certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n"),
              HasSubstr("cannot be read"));
  EXPECT_THAT(Refusal(certificate, TestKey::OtherRsa2048().PrivatePem()),
              HasSubstr("no certificate of the private key"));
  EXPECT_THAT(Refusal(CertificateOf(TestKey::Rsa1024()), TestKey::Rsa1024().PrivatePem()),
              HasSubstr("an RSA key of 1024 bits"));
  EXPECT_THAT(Refusal(CertificateOf(TestKey::P256()), TestKey::P256().PrivatePem()),
              HasSubstr("not RSA"));
}

TEST(SigningCertificate, SaysWhatIsWrongWithPkcs12) {
  const auto refusal = [](const std::string& der, const std::string& password) {
    const auto made = SigningCertificate::FromPkcs12(Secret(der), Secret(password));
    return made.ok() ? "none" : std::string(made.status().message());
  };
  const std::string der = TestKey::Rsa2048().Pkcs12(kFrom, kUntil, "s3cret");
  EXPECT_THAT(refusal(CertificateOf(TestKey::Rsa2048()), ""), HasSubstr("is not PKCS#12"));
  EXPECT_THAT(refusal(der, ""), HasSubstr("needs a password"));
  EXPECT_THAT(refusal(der, "other"), HasSubstr("does not open with its password"));
  EXPECT_THAT(refusal(TestKey::P256().Pkcs12(kFrom, kUntil, ""), ""), HasSubstr("not RSA"));
}

}  // namespace
}  // namespace behalf
