#include "daemon/audit/chain_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace behalf {
namespace {

const ChainLink kLink = {.chain = "0123456789abcdef", .seq = 7, .prev = std::string(64, 'a')};

// Without its newline.
std::string Linked(const ChainLink& link) {
  std::string line = "{\"event\":\"denied\"}\n";
  AddLink(line, link);
  EXPECT_TRUE(line.ends_with('\n'));
  line.pop_back();
  return line;
}

TEST(ChainLinkTest, StandsAtTheEndOfTheObject) {
  EXPECT_EQ(Linked(kLink), R"({"event":"denied","chain":"0123456789abcdef","seq":7,"prev":")" +
                               std::string(64, 'a') + "\"}");
}

TEST(ChainLinkTest, IsReadBack) {
  EXPECT_EQ(LinkOf(Linked(kLink)), kLink);
  const ChainLink last = {kLink.chain, std::numeric_limits<std::uint64_t>::max(), kNoLine};
  EXPECT_EQ(LinkOf(Linked(last)), last);
}

TEST(ChainLinkTest, WhateverItsNumberALineCanFollow) {
  for (const std::uint64_t seq : {std::uint64_t{7}, UINT64_MAX - 1, UINT64_MAX}) {
    const ChainLink next = ChainEnd{kLink.chain, seq, kLink.prev}.Next();
    EXPECT_EQ(LinkOf(Linked(next)), next) << seq;
  }
}

TEST(ChainLinkTest, IsReadInOneFormOnly) {
  const std::string line = Linked(kLink);
  const auto with = [&line](const std::string& from, const std::string& to) {
    std::string changed = line;
    return changed.replace(changed.find(from), from.size(), to);
  };
  for (const std::string& wrong :
       {std::string(), std::string("{}"), line + " ", line.substr(1),
        line.substr(0, line.size() - 1), with("seq\":7", "seq\":07"), with("seq\":7", "seq\":-7"),
        with("seq\":7", "seq\":"), with("seq\":7", "seq\":18446744073709551616"),
        with("aaa", "AAA"), with("abcdef", "ABCDEF"), with("chain", "chaim"), with("prev", "pre"),
        with("aaa", "aa")}) {
    EXPECT_FALSE(LinkOf(wrong)) << wrong;
  }
}

TEST(ChainLinkTest, ATextThatLooksLikeOneIsNone) {
  EXPECT_FALSE(LinkOf(R"({"detail":"x\",\"chain\":\"0123456789abcdef\",\"seq\":7,\"prev\":\")" +
                      std::string(64, 'a') + "\"}"));
}

}  // namespace
}  // namespace behalf
