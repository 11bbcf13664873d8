#include "daemon/jose/key_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "daemon/base/error.h"
#include "daemon/crypto/openssl.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/json.h"
#include "tests/fakes/test_keys.h"

namespace behalf {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

std::string Rsa(std::string_view kid = "rsa", std::string_view extra = {}) {
  return TestKey::Rsa2048().PublicJwk(kid, extra);
}
std::string Ec(std::string_view kid = "ec", std::string_view extra = {}) {
  return TestKey::P256().PublicJwk(kid, extra);
}

// `jwk` with the string member `name` replaced.
std::string With(const std::string& jwk, const std::string& name, const std::string& value) {
  const std::string old(*JsonObject::Parse(jwk)->String(name));
  return absl::StrReplaceAll(jwk, {{absl::StrCat("\"", name, "\":\"", old, "\""),
                                    absl::StrCat("\"", name, "\":\"", value, "\"")}});
}

std::string Bytes(const std::string& jwk, const std::string& name) {
  return *Base64UrlDecode(*JsonObject::Parse(jwk)->String(name));
}

std::string WithBytes(const std::string& jwk, const std::string& name, const std::string& bytes) {
  return With(jwk, name, Base64UrlEncode(bytes));
}

std::string WithPrefix(const std::string& jwk, const std::string& name, const std::string& prefix) {
  return WithBytes(jwk, name, prefix + Bytes(jwk, name));
}

std::string EvenModulus() {
  std::string modulus = Bytes(Rsa(), "n");
  modulus.back() = static_cast<char>(modulus.back() & ~1);
  return WithBytes(Rsa(), "n", modulus);
}

std::string OffCurve() {
  std::string y = Bytes(Ec(), "y");
  y.back() = static_cast<char>(y.back() ^ 1);
  return WithBytes(Ec(), "y", y);
}

// Of 2049 bits, and with the fingerprint: a power of 65537 modulo every prime.
std::string RocaModulus() {
  const std::unique_ptr<BN_CTX, OpensslFree<BN_CTX_free>> context(BN_CTX_new());
  const BignumPtr base(BN_new()), exponent(BN_new()), power(BN_new());
  BN_set_word(base.get(), 65537);
  BN_set_word(exponent.get(), 128);
  BN_exp(power.get(), base.get(), exponent.get(), context.get());
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(power.get())), '\0');
  BN_bn2bin(power.get(), Octets(bytes));
  return bytes;
}

// As many bytes together as x and y should have, divided wrongly.
std::string MovedBoundary() {
  const std::string x = Bytes(Ec(), "x"), y = Bytes(Ec(), "y");
  return WithBytes(WithBytes(Ec("x"), "x", x.substr(0, 31)), "y", x.substr(31) + y);
}

TEST(KeySetTest, KeysAreFoundByTheirId) {
  const auto keys = KeySet::Parse(JwkSet({Rsa("a"), Ec("b")}));
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ((*keys)->keys().size(), 2u);
  ASSERT_NE((*keys)->Find("a"), nullptr);
  EXPECT_EQ((*keys)->Find("a")->id(), "a");
  EXPECT_EQ((*keys)->Find("b")->id(), "b");
  for (const std::string& kid : {"c"s, ""s, "A"s, "a "s, "a\0"s}) {
    EXPECT_EQ((*keys)->Find(kid), nullptr) << kid;
  }
}

TEST(KeySetTest, AKeyWithoutIdIsKeptButNeverFound) {
  const std::string nameless = absl::StrReplaceAll(Rsa("x"), {{R"("kid":"x")", R"("kty2":"x")"}});
  const auto keys = KeySet::Parse(JwkSet({nameless}));
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ((*keys)->keys().size(), 1u);
  EXPECT_EQ((*keys)->Find(""), nullptr);
}

// RFC 7638 section 3.1.
TEST(KeySetTest, TheThumbprintIsThatOfRfc7638) {
  const auto keys = KeySet::Parse(JwkSet(
      {R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",)"
       R"("e":"AQAB","alg":"RS256","kid":"2011-04-29"})"}));
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(Base64UrlEncode((*keys)->keys().front().thumbprint()),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(KeySetTest, TheThumbprintDependsOnTheKeyAndNotOnItsName) {
  const auto thumbprint = [](const std::string& jwk) {
    return (*KeySet::Parse(JwkSet({jwk})))->keys().front().thumbprint();
  };
  EXPECT_EQ(thumbprint(Ec("a")), thumbprint(Ec("b", R"("alg":"ES256")")));
  EXPECT_NE(thumbprint(Ec("a")), thumbprint(TestKey::OtherP256().PublicJwk("a")));
  EXPECT_EQ(thumbprint(Rsa()).size(), 32u);
}

struct Row {
  std::string name;
  std::string text;
};

TEST(KeySetTest, KeysThatAreNotOursArePassedOver) {
  const Row rows[] = {
      {"another kty", R"({"kty":"OKP","crv":"Ed25519","kid":"x","x":"AA"})"},
      {"a kty of tomorrow", R"({"kty":"AKP","kid":"x"})"},
      {"P-384", R"({"kty":"EC","crv":"P-384","kid":"x","x":"AA","y":"AA"})"},
      {"secp256k1", R"({"kty":"EC","crv":"secp256k1","kid":"x","x":"AA","y":"AA"})"},
      {"use enc", With(Rsa("x"), "use", "enc")},
      {"key_ops without verify", Rsa("x", R"("key_ops":["encrypt","wrapKey"])")},
      {"empty key_ops", Rsa("x", R"("key_ops":[])")},
      {"for RS384", Rsa("x", R"("alg":"RS384")")},
      {"for encryption", Rsa("x", R"("alg":"RSA-OAEP")")},
      {"for an unknown algorithm", Ec("x", R"("alg":"ES521")")},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto mixed = KeySet::Parse(JwkSet({row.text, Rsa("good")}));
    ASSERT_TRUE(mixed.ok()) << mixed.status();
    EXPECT_EQ((*mixed)->Find("x"), nullptr);
    EXPECT_NE((*mixed)->Find("good"), nullptr);
    EXPECT_FALSE(KeySet::Parse(JwkSet({row.text})).ok()) << "no usable key is left";
  }
}

TEST(KeySetTest, AKeyForVerifyingIsOurs) {
  for (const char* extra : {"", R"("key_ops":["verify"])", R"("key_ops":["sign","verify"])",
                            R"("alg":"RS256")", R"("alg":"PS256")", R"("x5c":["never read"])"}) {
    EXPECT_TRUE(KeySet::Parse(JwkSet({Rsa("a", extra)})).ok()) << extra;
  }
}

std::vector<Row> RefusedSets() {
  std::vector<Row> rows = {
      {"not JSON", "<html>"},
      {"nothing", ""},
      {"an array", "[" + Rsa() + "]"},
      {"no keys member", "{}"},
      {"keys is an object", "{\"keys\":" + Rsa() + "}"},
      {"a key is a string", R"({"keys":["a"]})"},
      {"no key", R"({"keys":[]})"},
      {"keys twice", absl::StrCat("{\"keys\":[", Rsa(), "],\"keys\":[", Ec(), "]}")},
      {"cut short", absl::StrCat("{\"keys\":[", Rsa(), "]")},
      {"larger than 256 KiB", JwkSet({Rsa("a", "\"x\":\"" + std::string(256 * 1024, 'x') + "\"")})},
  };
  std::vector<std::string> many;
  for (int i = 0; i < 65; ++i) many.push_back(Ec(absl::StrCat("k", i)));
  rows.push_back({"65 keys", "{\"keys\":[" + absl::StrJoin(many, ",") + "]}"});
  std::string ten_thousand = "{\"keys\":[{}";
  for (int i = 1; i < 10'000; ++i) ten_thousand += ",{}";
  rows.push_back({"10,000 keys", ten_thousand + "]}"});
  return rows;
}

std::vector<Row> RefusedKeys() {
  const std::string exponent_over_64_bits = "\x01" + std::string(7, '\0') + "\x01";
  std::vector<Row> rows = {
      {"no kty", R"({"kid":"x"})"},
      {"kty is a number", R"({"kty":7})"},
      {"kid is a number", R"({"kty":"RSA","kid":7})"},
      {"kid is empty", Rsa("")},
      {"kid of 257 bytes", Rsa(std::string(257, 'k'))},
      {"use is a number", R"({"kty":"OKP","use":7})"},
      {"alg is null", Rsa("x", R"("alg":null)")},
      {"key_ops is a string", Rsa("x", R"("key_ops":"verify")")},
      {"a member twice", Rsa("x", R"("kid":"y")")},
      {"RSA of 1024 bits", TestKey::Rsa1024().PublicJwk("x")},
      {"RSA above 8192 bits", WithPrefix(Rsa("x"), "n", std::string(800, '\x7f'))},
      {"RSA with an even modulus", EvenModulus()},
      {"RSA modulus with a zero in front", WithPrefix(Rsa("x"), "n", "\0"s)},
      {"RSA modulus empty", With(Rsa("x"), "n", "")},
      {"RSA modulus padded",
       With(Rsa("x"), "n", std::string(*JsonObject::Parse(Rsa("x"))->String("n")) + "==")},
      {"RSA without modulus", R"({"kty":"RSA","kid":"x","e":"AQAB"})"},
      {"RSA without exponent", R"({"kty":"RSA","kid":"x","n":"AQAB"})"},
      {"exponent 1", WithBytes(Rsa("x"), "e", "\x01")},
      {"exponent 3", WithBytes(Rsa("x"), "e", "\x03")},
      {"exponent 65535", WithBytes(Rsa("x"), "e", "\xff\xff")},
      {"exponent 65538", WithBytes(Rsa("x"), "e", "\x01\x00\x02"s)},
      {"exponent over 64 bits", WithBytes(Rsa("x"), "e", exponent_over_64_bits)},
      {"exponent with a zero in front", WithPrefix(Rsa("x"), "e", "\0"s)},
      {"a point off the curve", OffCurve()},
      {"the point at infinity",
       WithBytes(WithBytes(Ec("x"), "x", std::string(32, '\0')), "y", std::string(32, '\0'))},
      {"a coordinate above the field", WithBytes(Ec("x"), "x", std::string(32, '\xff'))},
      {"a coordinate of 31 bytes", WithBytes(Ec("x"), "x", Bytes(Ec(), "x").substr(1))},
      {"a coordinate of 33 bytes", WithPrefix(Ec("x"), "x", "\0"s)},
      {"coordinates of 31 and 33 bytes", MovedBoundary()},
      {"weak by ROCA (CVE-2017-15361)", WithBytes(Rsa("x"), "n", RocaModulus())},
      {"a missing coordinate", R"({"kty":"EC","crv":"P-256","x":"AA"})"},
      {"ES256 for an RSA key", Rsa("x", R"("alg":"ES256")")},
      {"HS256 for an RSA key", Rsa("x", R"("alg":"HS256")")},
      {"RS256 for an EC key", Ec("x", R"("alg":"RS256")")},
      {"ES384 for a P-256 key", Ec("x", R"("alg":"ES384")")},
      {"ES256 for a P-384 key", R"({"kty":"EC","crv":"P-384","alg":"ES256"})"},
      {"a symmetric key", R"({"kty":"oct","k":"AAAA"})"},
      {"a duplicate kid", Rsa("good")},
      {"a duplicate kid of a key that is not ours", R"({"kty":"OKP","kid":"good"})"},
  };
  for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
    rows.push_back({absl::StrCat("private member ", member),
                    Rsa("x", absl::StrCat("\"", member, "\":\"AAAA\""))});
  }
  return rows;
}

TEST(KeySetTest, AMalformedSetIsRefused) {
  for (const Row& row : RefusedSets()) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(DetailOf(KeySet::Parse(row.text).status()).reason, Reason::kKeysUnavailable);
  }
}

TEST(KeySetTest, OneBadKeyRefusesTheWholeSet) {
  ASSERT_TRUE(KeySet::Parse(JwkSet({Rsa("good"), Ec("x")})).ok());
  ERR_clear_error();
  for (const Row& row : RefusedKeys()) {
    SCOPED_TRACE(row.name);
    const auto keys = KeySet::Parse(JwkSet({TestKey::OtherRsa2048().PublicJwk("good"), row.text}));
    EXPECT_EQ(DetailOf(keys.status()).reason, Reason::kKeysUnavailable);
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
}

TEST(KeySetTest, SixtyFourKeysAreAccepted) {
  std::vector<std::string> many;
  for (int i = 0; i < 64; ++i) many.push_back(Ec(absl::StrCat("k", i)));
  const auto keys = KeySet::Parse("{\"keys\":[" + absl::StrJoin(many, ",") + "]}");
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ((*keys)->keys().size(), 64u);
  EXPECT_NE((*keys)->Find("k63"), nullptr);
}

TEST(KeySetTest, AlgorithmNamesAreExact) {
  for (const auto algorithm : {JwsAlgorithm::kRs256, JwsAlgorithm::kPs256, JwsAlgorithm::kEs256}) {
    EXPECT_EQ(ParseAlgorithm(AlgorithmName(algorithm)), algorithm);
  }
  for (const char* name : {"", "none", "rs256", "RS256 ", "RS384", "HS256", "EdDSA"}) {
    EXPECT_EQ(ParseAlgorithm(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace behalf
