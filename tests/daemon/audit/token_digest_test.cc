#include "daemon/audit/token_digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "daemon/audit/audit_record.h"
#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TokenNamer Namer(char byte) { return TokenNamer(SecretString(std::string(32, byte))); }

TEST(TokenNamerTest, ADigestIsTheKeysIdAndHalfAnHmac) {
  const std::string key(32, 'k');
  const TokenNamer namer = Namer('k');
  EXPECT_EQ(namer.key_id(), Hex(Sha256("behalf audit key id" + key)).substr(0, 8));
  EXPECT_EQ(namer.Digest("token"),
            namer.key_id() + ":" + Hex(HmacSha256(key, "token")).substr(0, 32));
}

// Computed by Python's hashlib and hmac.
TEST(TokenNamerTest, AgreesWithAnotherImplementation) {
  EXPECT_EQ(Namer('k').Digest("token"), "1cf339ab:cbe2d061385212d1a27772f68ba2721e");
  EXPECT_EQ(Namer('k').Pseudonym("mail-search", "t", "o"), "89070c71a70f40959607800013976405");
}

TEST(TokenNamerTest, ADigestHoldsNoPartOfTheToken) {
  const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
  const std::string line = ToJsonLine({.subject_digest = Namer('k').Digest(token),
                                       .token = {.digest = Namer('k').Digest(token)},
                                       .handle_digest = Namer('k').Digest(token)});
  for (std::size_t at = 0; at + 6 <= token.size(); ++at) {
    EXPECT_THAT(line, Not(HasSubstr(token.substr(at, 6))));
  }
}

TEST(TokenNamerTest, OtherKeysGiveOtherNames) {
  EXPECT_NE(Namer('a').key_id(), Namer('b').key_id());
  EXPECT_NE(Namer('a').Digest("t").substr(9), Namer('b').Digest("t").substr(9));
  EXPECT_NE(Namer('a').Pseudonym("x", "y", "z"), Namer('b').Pseudonym("x", "y", "z"));
}

TEST(TokenNamerTest, APseudonymIsTheSameForTheSameUserAtTheSameToolOnly) {
  const TokenNamer namer = Namer('k');
  EXPECT_EQ(namer.Pseudonym("tool", "tid", "oid"), namer.Pseudonym("tool", "tid", "oid"));
  EXPECT_THAT(namer.Pseudonym("tool", "tid", "oid"), MatchesRegex("[0-9a-f]{32}"));
  const std::set<std::string> names = {
      namer.Pseudonym("tool", "tid", "oid"),   namer.Pseudonym("other", "tid", "oid"),
      namer.Pseudonym("tool", "other", "oid"), namer.Pseudonym("tool", "tid", "other"),
      namer.Pseudonym("toolt", "id", "oid"),   namer.Pseudonym("tool", "tido", "id"),
      namer.Pseudonym("tool", "oid", "tid"),   namer.Pseudonym("", "tooltid", "oid"),
  };
  EXPECT_EQ(names.size(), 8U);
}

}  // namespace
}  // namespace behalf
