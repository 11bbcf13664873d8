#include "daemon/cli/text.h"

#include <gtest/gtest.h>

#include "daemon/cli/json.h"

namespace behalf::cli {
namespace {

TEST(Text, NothingThatSteersATerminalIsPrintable) {
  EXPECT_EQ(Printable("plain\tü\n€😀"), "plain\tü\n€😀");
  EXPECT_EQ(Printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(Printable("a\rb\x7f"), "a\\x0db\\x7f");
  EXPECT_EQ(Printable("\u202Etxt"), "\\xe2\\x80\\xaetxt");
  for (const std::string text : {"\u061C", "\u200E", "\u200F", "\u2028", "\u2066", "\u2069"}) {
    EXPECT_TRUE(Printable(text).starts_with("\\x")) << Printable(text);
  }
  for (const std::string text : {"\u00A0", "\u200D", "\u2010", "\u202F", "\u2065", "\u206A"}) {
    EXPECT_EQ(Printable(text), text);
  }
  EXPECT_EQ(Printable("\xc2\x9b"), "\\xc2\\x9b");
  EXPECT_EQ(Printable("\x9b"
                      "2J"),
            "\\x9b2J");
}

TEST(Text, OnlyWhatRfc3629AllowsIsASequence) {
  for (const char* bytes : {"a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                            "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(Utf8SequenceLength(bytes), std::string(bytes).size());
  }
  for (const char* bytes :
       {"", "\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(Utf8SequenceLength(bytes), 0u);
  }
}

TEST(Json, IsWrittenOnOneLineAndEscaped) {
  EXPECT_EQ(Json().Dump(), "null");
  EXPECT_EQ(Json(true).Dump(), "true");
  EXPECT_EQ(Json(-7).Dump(), "-7");
  EXPECT_EQ(Json(1.5).Dump(), "1.5");
  EXPECT_EQ(Json("a\"\\\n\t\x1b€").Dump(), R"("a\"\\\n\u0009\u001b€")");
  EXPECT_EQ(Json("a\xff"
                 "b")
                .Dump(),
            R"("a\ufffdb")");
  EXPECT_EQ(
      Json(Json::Object{{"list", Json::Array{1, "two", nullptr}}, {"none", Json::Object{}}}).Dump(),
      R"({"list":[1,"two",null],"none":{}})");
}

}  // namespace
}  // namespace behalf::cli
