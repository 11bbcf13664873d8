#include "daemon/rpc/trace_context.h"

#include <gtest/gtest.h>

#include <string>

namespace behalf {
namespace {

constexpr char kId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00f067aa0ba902b7";

std::string Of(const std::string& version, const std::string& id, const std::string& parent,
               const std::string& flags) {
  return version + "-" + id + "-" + parent + "-" + flags;
}

TEST(ParseTraceparent, TakesTheIdsAndWhetherItIsSampled) {
  const auto trace = ParseTraceparent(Of("00", kId, kParent, "01"));
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->id, kId);
  EXPECT_EQ(trace->parent, kParent);
  EXPECT_TRUE(trace->sampled);
  EXPECT_FALSE(ParseTraceparent(Of("00", kId, kParent, "00"))->sampled);
  EXPECT_FALSE(ParseTraceparent(Of("00", kId, kParent, "02"))->sampled);
  EXPECT_TRUE(ParseTraceparent(Of("00", kId, kParent, "ff"))->sampled);
}

TEST(ParseTraceparent, ALaterVersionMayHaveMoreBehind) {
  EXPECT_TRUE(ParseTraceparent(Of("01", kId, kParent, "01")).has_value());
  EXPECT_TRUE(ParseTraceparent(Of("cc", kId, kParent, "01-what-comes-later")).has_value());
  EXPECT_FALSE(ParseTraceparent(Of("cc", kId, kParent, "01.what-comes-later")).has_value());
  EXPECT_FALSE(ParseTraceparent(Of("00", kId, kParent, "01-what-comes-later")).has_value());
}

TEST(ParseTraceparent, WhatIsNotRightIsNothing) {
  const std::string right = Of("00", kId, kParent, "01");
  for (const std::string& wrong :
       {std::string(), std::string("00"), right.substr(0, 54), right + "-", right + " ",
        Of("ff", kId, kParent, "01"), Of("0g", kId, kParent, "01"), Of("0", kId, kParent, "011"),
        Of("00", std::string(32, '0'), kParent, "01"), Of("00", kId, std::string(16, '0'), "01"),
        Of("00", "4BF92F3577B34DA6A3CE929D0E0E4736", kParent, "01"),
        Of("00", kId, "00F067AA0BA902B7", "01"), Of("00", kId, kParent, "0G")}) {
    EXPECT_FALSE(ParseTraceparent(wrong).has_value()) << wrong;
  }
}

TEST(ParseTraceparent, NoCharacterMayBeAnother) {
  const std::string right = Of("00", kId, kParent, "01");
  for (std::size_t i = 0; i < right.size(); ++i) {
    for (const char other : {'x', 'A', ' ', '_', '\0'}) {
      std::string wrong = right;
      wrong[i] = other;
      EXPECT_FALSE(ParseTraceparent(wrong).has_value()) << i << " " << other;
    }
  }
}

}  // namespace
}  // namespace behalf
