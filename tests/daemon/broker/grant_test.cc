// What a handle stands for has one form in bytes, and nothing else is read.
#include "daemon/broker/grant.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/base/length_prefixed.h"

namespace behalf {
namespace {

using Parts = std::vector<std::string>;

std::string Joined(const Parts& parts) {
  std::string bytes;
  for (const std::string& part : parts) AppendPart(bytes, part);
  return bytes;
}

// The parts of a grant: uid, gid, pid at 10 to 12, then the groups.
const Parts kGrant = {"grant 2", "bot",  "id",   "tool", "api",   "delegated", "1",
                      "Read",    "user", "sock", "1001", "1002",  "77",        "2",
                      "1002",    "2001", "why",  "call", "digest"};
const Parts kToken = {"token 1", "token", "1750000000000000", "-1", "1", "Read", "uti", "id"};

std::string GrantWith(std::size_t part, const std::string& text) {
  Parts parts = kGrant;
  parts[part] = text;
  return Joined(parts);
}

std::string TokenWith(std::size_t part, const std::string& text) {
  Parts parts = kToken;
  parts[part] = text;
  return Joined(parts);
}

TEST(Grant, IsReadAsItWasMade) {
  const auto grant = DecodeGrant(Joined(kGrant));
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->creator.uid, 1001u);
  EXPECT_EQ(grant->creator.groups, (std::vector<gid_t>{1002, 2001}));
  EXPECT_EQ(EncodeGrant(*grant).Reveal(), Joined(kGrant));
  const auto token = DecodeToken(Joined(kToken));
  ASSERT_TRUE(token);
  EXPECT_EQ(EncodeToken(*token).Reveal(), Joined(kToken));
}

TEST(Grant, ANumberHasOneForm) {
  for (const std::string number : {"", "01001", "+1001", "-0", " 1", "1x"}) {
    SCOPED_TRACE(number);
    EXPECT_FALSE(DecodeGrant(GrantWith(10, number)));
    EXPECT_FALSE(DecodeToken(TokenWith(2, number)));
  }
}

// Lest somebody be another account, or root.
TEST(Grant, AnIdThatNoAccountHasIsNotCutDown) {
  EXPECT_TRUE(DecodeGrant(GrantWith(10, "4294967295")));
  for (const std::string id : {"4294967296", "4294968297", "-1"}) {
    SCOPED_TRACE(id);
    EXPECT_FALSE(DecodeGrant(GrantWith(10, id)));
    EXPECT_FALSE(DecodeGrant(GrantWith(11, id)));
    EXPECT_FALSE(DecodeGrant(GrantWith(14, id)));
  }
  EXPECT_FALSE(DecodeGrant(GrantWith(12, "2147483648")));
}

TEST(Grant, ACountIsOfWhatIsThere) {
  for (const std::string count : {"0", "2", "-1", "18446744073709551615"}) {
    SCOPED_TRACE(count);
    EXPECT_FALSE(DecodeGrant(GrantWith(6, count)));
    EXPECT_FALSE(DecodeToken(TokenWith(4, count)));
  }
}

}  // namespace
}  // namespace behalf
