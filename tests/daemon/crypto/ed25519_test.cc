#include "daemon/crypto/ed25519.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// RFC 8032, section 7.1, test 1.
constexpr char kSeed[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr char kPublic[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr char kSignature[] =
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
    "6b"
    "d25bf5f0595bbe24655141438e7a100b";

Ed25519PrivateKey Key() { return Ed25519PrivateKey(SecretString(FromHex(kSeed))); }

TEST(Ed25519Test, SignsAsTheStandardSays) {
  EXPECT_EQ(Hex(Key().Sign("")), kSignature);
  EXPECT_EQ(Key().public_key().id(), Hex(Sha256(FromHex(kPublic))).substr(0, 16));
}

TEST(Ed25519Test, VerifiesWhatWasSignedAndNothingElse) {
  const Ed25519PublicKey key = Key().public_key();
  const std::string signature = Key().Sign("message");
  EXPECT_TRUE(key.Verifies("message", signature));
  EXPECT_FALSE(key.Verifies("massage", signature));
  EXPECT_FALSE(key.Verifies("message", ""));
  EXPECT_FALSE(key.Verifies("message", signature.substr(1)));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string other = signature;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(key.Verifies("message", other)) << i;
  }
  const Ed25519PrivateKey other(SecretString(std::string(32, 'x')));
  EXPECT_FALSE(key.Verifies("message", other.Sign("message")));
}

TEST(Ed25519Test, APublicKeyIsReadBackFromPem) {
  const std::string pem = Key().public_key().Pem();
  EXPECT_THAT(pem, StartsWith("-----BEGIN PUBLIC KEY-----\n"));
  const auto key = Ed25519PublicKey::FromPem(pem);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->id(), Key().public_key().id());
  EXPECT_TRUE(key->Verifies("", FromHex(kSignature)));
}

TEST(Ed25519Test, RefusesOtherPem) {
  constexpr char kP256[] =
      "-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
      "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
      "-----END PUBLIC KEY-----\n";
  for (const char* const text : {"", "text", kP256}) {
    const auto key = Ed25519PublicKey::FromPem(text);
    EXPECT_FALSE(key.ok());
    EXPECT_THAT(std::string(key.status().message()), HasSubstr("public key of Ed25519"));
  }
}

}  // namespace
}  // namespace behalf
