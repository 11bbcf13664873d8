#include "daemon/crypto/seal.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <set>
#include <string>

namespace behalf {
namespace {

const std::string kKey(32, 'k');

TEST(SealTest, WhatWasSealedOpens) {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 2000u, 100'000u}) {
    SCOPED_TRACE(size);
    const std::string plaintext(size, 'p');
    const auto sealed = Seal(kKey, plaintext, "handle");
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(sealed->size(), size + 12 + 16);
    const auto opened = Unseal(kKey, *sealed, "handle");
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->Reveal(), plaintext);
  }
}

TEST(SealTest, TwoSealsOfOneValueDiffer) {
  std::set<std::string> seals;
  for (int i = 0; i < 100; ++i) seals.insert(*Seal(kKey, "value", ""));
  EXPECT_EQ(seals.size(), 100u);
}

TEST(SealTest, ThePlaintextDoesNotShow) {
  const std::string sealed = *Seal(kKey, "a downstream token", "");
  EXPECT_EQ(sealed.find("downstream"), std::string::npos);
}

TEST(SealTest, EveryChangedBitIsNoticed) {
  const std::string sealed = *Seal(kKey, "value", "record 1");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(Unseal(kKey, changed, "record 1").ok()) << "bit " << bit;
  }
}

TEST(SealTest, EveryOtherLengthIsNoticed) {
  const std::string sealed = *Seal(kKey, "value", "");
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(Unseal(kKey, sealed.substr(0, size), "").ok()) << size;
  }
  EXPECT_FALSE(Unseal(kKey, sealed + "x", "").ok());
}

TEST(SealTest, OpensOnlyWithItsKeyAndItsAssociatedData) {
  const std::string sealed = *Seal(kKey, "value", "record 1");
  EXPECT_FALSE(Unseal(std::string(32, 'x'), sealed, "record 1").ok());
  EXPECT_FALSE(Unseal(kKey, sealed, "record 2").ok());
  EXPECT_FALSE(Unseal(kKey, sealed, "").ok());
}

TEST(SealTest, AKeyOfAnotherLengthIsRefused) {
  const std::string sealed = *Seal(kKey, "value", "");
  for (const std::size_t size : {0u, 16u, 31u, 33u}) {
    EXPECT_FALSE(Seal(std::string(size, 'k'), "value", "").ok()) << size;
    EXPECT_FALSE(Unseal(std::string(size, 'k'), sealed, "").ok()) << size;
  }
}

TEST(SealTest, ARefusalLeavesNothingInTheErrorQueue) {
  ERR_clear_error();
  EXPECT_FALSE(Unseal(kKey, std::string(64, 'x'), "").ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

// NIST's GCM test case 14, by way of what Unseal reads: nonce, ciphertext, tag.
TEST(SealTest, AgreesWithNistsTestVector) {
  const std::string zeros(32, '\0');
  const std::string sealed = std::string(12, '\0') +
                             "\xce\xa7\x40\x3d\x4d\x60\x6b\x6e\x07\x4e\xc5\xd3\xba\xf3\x9d\x18"
                             "\xd0\xd1\xc8\xa7\x99\x99\x6b\xf0\x26\x5b\x98\xb5\xd4\x8a\xb9\x19";
  const auto opened = Unseal(zeros, sealed, "");
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->Reveal(), std::string(16, '\0'));
}

}  // namespace
}  // namespace behalf
