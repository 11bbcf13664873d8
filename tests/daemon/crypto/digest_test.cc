#include "daemon/crypto/digest.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "daemon/crypto/random.h"

namespace behalf {
namespace {

using namespace std::string_literals;

TEST(DigestTest, Sha256AgreesWithFips180) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(DigestTest, Sha256IsTheSameFromEveryThread) {
  std::vector<std::string> digests(8);
  std::vector<std::thread> threads;
  for (std::string& digest : digests) {
    threads.emplace_back([&digest] {
      for (int i = 0; i < 100; ++i) digest = Sha256(std::to_string(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& digest : digests) EXPECT_EQ(digest, Sha256("99"));
}

// RFC 4231.
TEST(DigestTest, HmacSha256AgreesWithRfc4231) {
  EXPECT_EQ(Hex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(HmacSha256(std::string(131, '\xaa'),
                           "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(DigestTest, HmacSha256TakesAnEmptyKeyAndForgetsTheOneBefore) {
  const std::string expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  EXPECT_EQ(Hex(HmacSha256("", "")), expected);
  EXPECT_NE(HmacSha256("key", "data"), HmacSha256("other", "data"));
  EXPECT_EQ(Hex(HmacSha256({}, {})), expected);
}

// RFC 5869 appendix A.3: no salt, no info.
TEST(DigestTest, HkdfAgreesWithRfc5869) {
  const SecretString key(std::string(22, '\x0b'));
  EXPECT_EQ(Hex(Hkdf(key, "", 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(DigestTest, HkdfSeparatesPurposesAndKeys) {
  const SecretString key("a handle"s);
  const std::set<std::string> derived = {Hkdf(key, "id", 32), Hkdf(key, "key", 32),
                                         Hkdf(key, "", 32), Hkdf(SecretString("b"s), "id", 32)};
  EXPECT_EQ(derived.size(), 4u);
  EXPECT_EQ(Hkdf(key, "id", 32), Hkdf(key, "id", 32));
}

TEST(DigestTest, HexWritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(Hex(""), "");
  EXPECT_EQ(Hex("\x00\x7f\x80\xff"s), "007f80ff");
}

TEST(DigestTest, ConstantTimeEqualsComparesLengthAndEveryByte) {
  EXPECT_TRUE(ConstantTimeEquals("", ""));
  EXPECT_TRUE(ConstantTimeEquals("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEquals("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEquals("xbc", "abc"));
  EXPECT_FALSE(ConstantTimeEquals("ab", "abc"));
  EXPECT_FALSE(ConstantTimeEquals("a\0b"s, "a\0c"s));
}

TEST(RandomTest, BytesDoNotRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(RandomBytes(16));
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(RandomBytes(0), "");
  EXPECT_EQ(RandomBytes(32).size(), 32u);
}

}  // namespace
}  // namespace behalf
