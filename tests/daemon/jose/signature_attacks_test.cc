// Attacks by the signature itself.
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/err.h>

#include <string>
#include <thread>
#include <vector>

#include "daemon/crypto/openssl.h"
#include "daemon/jose/key_set.h"
#include "daemon/jose/rsa_modulus.h"
#include "tests/fakes/test_keys.h"

namespace behalf {
namespace {

using namespace std::string_literals;

constexpr char kInput[] = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9";

const std::string kOrder =
    "\xFF\xFF\xFF\xFF\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
    "\xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2\xFC\x63\x25\x51"s;

VerificationKey KeyOf(const TestKey& key, std::string_view extra = {}) {
  return (*KeySet::Parse(JwkSet({key.PublicJwk("k", extra)})))->keys().front();
}

// A DER sequence of r and s, right where both have their highest bit set.
std::string Der(const std::string& raw) {
  const std::string r = "\x02\x21\0"s + raw.substr(0, 32);
  const std::string s = "\x02\x21\0"s + raw.substr(32);
  return "\x30\x46" + r + s;
}

struct Forgery {
  const char* name;
  std::string signature;
};

TEST(SignatureAttacksTest, Es256TakesRawScalarsInRangeOnly) {
  const VerificationKey key = KeyOf(TestKey::P256());
  const std::string good = TestKey::P256().Signature("ES256", kInput);
  const std::string r = good.substr(0, 32), s = good.substr(32);
  const std::string zero(32, '\0');
  const std::string one = std::string(31, '\0') + "\x01";
  std::string above_order = kOrder;
  ++above_order.back();
  ASSERT_TRUE(key.Verify(JwsAlgorithm::kEs256, kInput, good));

  const Forgery forgeries[] = {
      {"nothing", ""},
      {"r and s zero (CVE-2022-21449)", zero + zero},
      {"r zero", zero + s},
      {"s zero", r + zero},
      {"r zero, s one", zero + one},
      {"r and s one", one + one},
      {"r the order", kOrder + s},
      {"s the order", r + kOrder},
      {"r and s the order", kOrder + kOrder},
      {"s above the order", r + above_order},
      {"all ones", std::string(64, '\xff')},
      {"DER", Der(good)},
      {"63 bytes", good.substr(0, 63)},
      {"63 bytes, the first missing", good.substr(1)},
      {"65 bytes", good + "\0"s},
      {"65 bytes, zero in front", "\0"s + good},
      {"66 bytes, a leading zero each", "\0"s + r + "\0"s + s},
      {"96 bytes", std::string(16, '\0') + r + std::string(16, '\0') + s},
      {"s and r swapped", s + r},
      {"by another key", TestKey::OtherP256().Signature("ES256", kInput)},
      {"of another input", TestKey::P256().Signature("ES256", "other")},
  };
  for (const Forgery& forgery : forgeries) {
    EXPECT_FALSE(key.Verify(JwsAlgorithm::kEs256, kInput, forgery.signature)) << forgery.name;
  }
}

TEST(SignatureAttacksTest, Es256TakesSmallAndLargeScalars) {
  const VerificationKey key = KeyOf(TestKey::P256());
  for (int i = 0; i < 600; ++i) {  // leading zeros and high bits in r and s
    const std::string input = std::to_string(i);
    EXPECT_TRUE(key.Verify(JwsAlgorithm::kEs256, input, TestKey::P256().Signature("ES256", input)));
  }
}

TEST(SignatureAttacksTest, RsaTakesTheExactLengthAndPaddingOnly) {
  const TestKey& rsa = TestKey::Rsa2048();
  const VerificationKey key = KeyOf(rsa);
  for (const auto& [algorithm, name, other] :
       {std::tuple(JwsAlgorithm::kRs256, "RS256", "PS256"),
        std::tuple(JwsAlgorithm::kPs256, "PS256", "RS256")}) {
    SCOPED_TRACE(name);
    const std::string good = rsa.Signature(name, kInput);
    ASSERT_TRUE(key.Verify(algorithm, kInput, good));
    std::string changed = good;
    changed[100] = static_cast<char>(changed[100] ^ 1);
    const Forgery forgeries[] = {
        {"nothing", ""},
        {"zeros", std::string(256, '\0')},
        {"one", std::string(255, '\0') + "\x01"},
        {"ones", std::string(256, '\xff')},
        {"a bit changed", changed},
        {"255 bytes", good.substr(0, 255)},
        {"257 bytes", good + "\0"s},
        {"257 bytes, zero in front", "\0"s + good},
        {"the other padding", rsa.Signature(other, kInput)},
        {"a salt of 20 bytes", rsa.Signature("PS256-SALT20", kInput)},
        {"by another key", TestKey::OtherRsa2048().Signature(name, kInput)},
        {"of another input", rsa.Signature(name, "other")},
    };
    for (const Forgery& forgery : forgeries) {
      EXPECT_FALSE(key.Verify(algorithm, kInput, forgery.signature)) << forgery.name;
    }
  }
}

TEST(SignatureAttacksTest, AKeyIsUsedForItsOwnKindOnly) {
  const std::string rsa = TestKey::Rsa2048().Signature("RS256", kInput);
  const std::string ec = TestKey::P256().Signature("ES256", kInput);
  EXPECT_FALSE(KeyOf(TestKey::Rsa2048()).Verify(JwsAlgorithm::kEs256, kInput, ec));
  EXPECT_FALSE(KeyOf(TestKey::Rsa2048()).Verify(JwsAlgorithm::kEs256, kInput, rsa));
  EXPECT_FALSE(KeyOf(TestKey::P256()).Verify(JwsAlgorithm::kRs256, kInput, ec));
  EXPECT_FALSE(KeyOf(TestKey::P256()).Verify(JwsAlgorithm::kPs256, kInput, rsa));
}

// The library itself would take a DER signature under the name of RS256, and
// has no PSS for such a key.
TEST(SignatureAttacksTest, AnEcKeyIsNotUsedUnderAnRsaName) {
  const auto is_high = [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; };
  std::string raw;
  do {
    raw = TestKey::P256().Signature("ES256", kInput);
  } while (!is_high(raw[0]) || !is_high(raw[32]));
  const VerificationKey key = KeyOf(TestKey::P256());
  ASSERT_TRUE(key.Verify(JwsAlgorithm::kEs256, kInput, raw));
  EXPECT_FALSE(key.Verify(JwsAlgorithm::kRs256, kInput, Der(raw)));
  EXPECT_FALSE(key.Verify(JwsAlgorithm::kPs256, kInput, Der(raw)));
}

TEST(SignatureAttacksTest, AKeyBoundToAnAlgorithmTakesNoOther) {
  const TestKey& rsa = TestKey::Rsa2048();
  const VerificationKey bound = KeyOf(rsa, R"("alg":"RS256")");
  EXPECT_EQ(bound.algorithm(), JwsAlgorithm::kRs256);
  EXPECT_TRUE(bound.Verify(JwsAlgorithm::kRs256, kInput, rsa.Signature("RS256", kInput)));
  EXPECT_FALSE(bound.Verify(JwsAlgorithm::kPs256, kInput, rsa.Signature("PS256", kInput)));
  EXPECT_EQ(KeyOf(rsa).algorithm(), std::nullopt);
}

TEST(SignatureAttacksTest, ARefusalLeavesNothingInTheErrorQueue) {
  ERR_clear_error();
  for (const TestKey* key : {&TestKey::Rsa2048(), &TestKey::P256()}) {
    for (const auto algorithm :
         {JwsAlgorithm::kRs256, JwsAlgorithm::kPs256, JwsAlgorithm::kEs256}) {
      EXPECT_FALSE(KeyOf(*key).Verify(algorithm, kInput, std::string(64, '\x7f')));
      EXPECT_FALSE(KeyOf(*key).Verify(algorithm, kInput, std::string(256, '\x7f')));
      EXPECT_EQ(ERR_peek_error(), 0u);
    }
  }
}

TEST(SignatureAttacksTest, OneKeyVerifiesOnManyThreads) {
  const VerificationKey key = KeyOf(TestKey::Rsa2048());
  const std::string good = TestKey::Rsa2048().Signature("RS256", kInput);
  const std::string bad = TestKey::OtherRsa2048().Signature("RS256", kInput);
  std::vector<int> verdicts(8, 0);
  std::vector<std::thread> threads;
  for (int& right : verdicts) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        right += key.Verify(JwsAlgorithm::kRs256, kInput, good);
        right += !key.Verify(JwsAlgorithm::kRs256, kInput, bad);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int right : verdicts) EXPECT_EQ(right, 200);
}

// A number as RSALib makes them: a power of 65537 modulo the small primes.
TEST(SignatureAttacksTest, TheRocaFingerprintIsSeen) {
  BignumPtr number(BN_new());
  ASSERT_EQ(BN_set_word(number.get(), 65537), 1);
  BignumPtr power(BN_new());
  std::unique_ptr<BN_CTX, OpensslFree<BN_CTX_free>> context(BN_CTX_new());
  BignumPtr exponent(BN_new());
  ASSERT_EQ(BN_set_word(exponent.get(), 127), 1);
  ASSERT_EQ(BN_exp(power.get(), number.get(), exponent.get(), context.get()), 1);
  EXPECT_TRUE(HasRocaFingerprint(power.get()));
  ASSERT_EQ(BN_add_word(power.get(), 2), 1);
  EXPECT_FALSE(HasRocaFingerprint(power.get()));
}

}  // namespace
}  // namespace behalf
