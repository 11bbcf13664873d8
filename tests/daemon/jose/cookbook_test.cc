// The JOSE cookbook (RFC 7520, RFC 7797): what is ours verifies to the given
// payload, every other form is refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <string>

#include "daemon/base/error.h"
#include "daemon/jose/key_set.h"
#include "daemon/jose/verify.h"
#include "tests/daemon/jose/vectors.h"

namespace behalf {
namespace {

namespace dom = simdjson::dom;
namespace fs = std::filesystem;

std::string SetOf(const std::string& jwk) { return "{\"keys\":[" + jwk + "]}"; }

std::string RsaPublicKey(const fs::path& folder) {
  return FileText(folder / "jwk/3_3.rsa_public_key.json");
}

TEST(CookbookTest, TheRs256SignatureVerifiesToItsPayload) {
  const auto folder = Vectors("jose-cookbook");
  BEHALF_SKIP_WITHOUT(folder);
  dom::parser parser;
  const dom::element example = parser.load((folder / "jws/4_1.rsa_v15_signature.json").string());
  const auto keys = KeySet::Parse(SetOf(RsaPublicKey(folder)));
  ASSERT_TRUE(keys.ok()) << keys.status();
  const auto jws = CompactJws::Parse(TextOf(example["output"]["compact"]));
  ASSERT_TRUE(jws.ok()) << jws.status();
  EXPECT_EQ(jws->algorithm(), "RS256");
  EXPECT_EQ(jws->payload(), TextOf(example["input"]["payload"]));
  EXPECT_TRUE(VerifySignature(*jws, **keys).ok());
}

TEST(CookbookTest, TheRs256SignatureWithItsPayloadDetachedIsRefused) {
  const auto folder = Vectors("jose-cookbook");
  BEHALF_SKIP_WITHOUT(folder);
  dom::parser parser;
  const dom::element example = parser.load((folder / "jws/4_1.rsa_v15_signature.json").string());
  std::string token = TextOf(example["output"]["compact"]);
  const std::size_t payload = token.find('.') + 1;
  token.erase(payload, token.rfind('.') - payload);
  EXPECT_EQ(DetailOf(UnverifiedJwt::Parse(token).status()).reason, Reason::kSubjectMalformed);
  const auto keys = KeySet::Parse(SetOf(RsaPublicKey(folder)));
  EXPECT_EQ(DetailOf(VerifySignature(*CompactJws::Parse(token), **keys)).reason,
            Reason::kSubjectSignature);
}

// All but the one above: other algorithms and serialisations, detached
// content, b64, encryption.
TEST(CookbookTest, EveryOtherFormIsRefused) {
  const auto folder = Vectors("jose-cookbook");
  BEHALF_SKIP_WITHOUT(folder);
  const auto keys = KeySet::Parse(SetOf(RsaPublicKey(folder)));
  ASSERT_TRUE(keys.ok());
  dom::parser parser;
  int refused = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const dom::element example = parser.load(entry.path().string());
    dom::object outputs;
    if (example["output"].get(outputs) != simdjson::SUCCESS) continue;
    for (const auto output : outputs) {
      SCOPED_TRACE(entry.path().filename().string() + " " + std::string(output.key));
      if (output.key == "compact" && entry.path().filename().string().starts_with("4_1.")) continue;
      const auto jws = CompactJws::Parse(TextOf(output.value));
      EXPECT_FALSE(jws.ok() && VerifySignature(*jws, **keys).ok());
      EXPECT_FALSE(UnverifiedJwt::Parse(TextOf(output.value)).ok());
      ++refused;
    }
  }
  std::cout << "forms refused: " << refused << "\n";
  EXPECT_EQ(refused, 64);
}

TEST(CookbookTest, PrivateAndSymmetricKeysInAKeySetAreRefused) {
  const auto folder = Vectors("jose-cookbook");
  BEHALF_SKIP_WITHOUT(folder);
  const std::string good = RsaPublicKey(folder);
  EXPECT_TRUE(KeySet::Parse(SetOf(good)).ok());
  for (const char* name :
       {"3_2.ec_private_key.json", "3_4.rsa_private_key.json",
        "3_5.symmetric_key_mac_computation.json", "3_6.symmetric_key_encryption.json"}) {
    SCOPED_TRACE(name);
    const std::string jwk = FileText(folder / "jwk" / name);
    EXPECT_FALSE(KeySet::Parse(SetOf(jwk)).ok());
    const auto mixed = KeySet::Parse(SetOf(good + "," + jwk));
    EXPECT_EQ(DetailOf(mixed.status()).reason, Reason::kKeysUnavailable);
  }
}

}  // namespace
}  // namespace behalf
