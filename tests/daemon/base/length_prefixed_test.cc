#include "daemon/base/length_prefixed.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace behalf {
namespace {

using namespace std::string_literals;

std::string Joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) AppendPart(out, part);
  return out;
}

TEST(LengthPrefixedTest, PartsComeBackWhateverTheyContain) {
  const std::vector<std::string> parts = {"", "a", "1:a", ":", "\0\xff"s, std::string(1000, 'x'),
                                          ""};
  const std::string joined = Joined(parts);
  std::string_view in = joined, part;
  for (const std::string& expected : parts) {
    ASSERT_TRUE(NextPart(in, part));
    EXPECT_EQ(part, expected);
  }
  EXPECT_FALSE(NextPart(in, part));
}

TEST(LengthPrefixedTest, DifferentSequencesNeverLookTheSame) {
  const std::vector<std::vector<std::string>> sequences = {
      {}, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"", "ab"}, {"ab", ""}, {"a:b"}, {"1:a"}, {"a1:b"}};
  std::set<std::string> seen;
  for (const auto& parts : sequences) EXPECT_TRUE(seen.insert(Joined(parts)).second);
}

TEST(LengthPrefixedTest, WhatWasNotMadeByAppendPartEnds) {
  for (const std::string_view text :
       {"", "x", ":", ":a", "1", "1:", "2:a", "-1:a", "+1:a", " 1:a", "01:a",
        "00:", "99999999999999999999999:a", "18446744073709551615:a"}) {
    std::string_view in = text, part;
    EXPECT_FALSE(NextPart(in, part)) << text;
  }
}

}  // namespace
}  // namespace behalf
