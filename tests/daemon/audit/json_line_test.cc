#include "daemon/audit/json_line.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace behalf {
namespace {

std::string Escaped(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonLineTest, EscapesWhatCouldLeaveAStringOrMisleadAReader) {
  struct Case {
    std::string_view name, text, json;
  };
  using namespace std::string_view_literals;
  const std::vector<Case> cases = {
      {"plain", "api://x y~", "\"api://x y~\""},
      {"empty", "", "\"\""},
      {"quote", "a\"b", R"("a\"b")"},
      {"backslash", "a\\b", R"("a\\b")"},
      {"newline", "a\nb", R"("a\nb")"},
      {"carriage return", "a\rb", R"("a\rb")"},
      {"tab", "a\tb", R"("a\tb")"},
      {"nul", "a\0b"sv, R"("a\u0000b")"},
      {"escape", "\x1B[2J", R"("\u001b[2J")"},
      {"last of C0", "\x1F", R"("\u001f")"},
      {"delete", "\x7F", R"("\u007f")"},
      {"C1 control", "\xC2\x9B", R"("\u009b")"},
      {"first after C1", "\xC2\xA0", "\"\xC2\xA0\""},
      {"line separator", "\xE2\x80\xA8", R"("\u2028")"},
      {"paragraph separator", "\xE2\x80\xA9", R"("\u2029")"},
      {"right-to-left override", "\xE2\x80\xAE", R"("\u202e")"},
      {"isolate", "\xE2\x81\xA6", R"("\u2066")"},
      {"two bytes", "\xC3\xBC", "\"\xC3\xBC\""},
      {"three bytes", "\xE2\x82\xAC", "\"\xE2\x82\xAC\""},
      {"four bytes", "\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\""},
      {"last code point", "\xF4\x8F\xBF\xBF", "\"\xF4\x8F\xBF\xBF\""},
      {"the replacement itself", "\xEF\xBF\xBD!", "\"\xEF\xBF\xBD!\""},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(Escaped(test.text), test.json);
  }
}

TEST(JsonLineTest, ReplacesEachByteThatIsNotUtf8) {
  const std::string r = "\xEF\xBF\xBD";
  struct Case {
    std::string_view name, text;
    std::string json;
  };
  const std::vector<Case> cases = {
      {"stray continuation", "a\x80z", "a" + r + "z"},
      {"cut short", "a\xC3", "a" + r},
      {"cut short by a letter", "\xE2\x82z", r + r + "z"},
      {"overlong slash", "\xC0\xAF", r + r},
      {"overlong quote", "\xE0\x80\xA2", r + r + r},
      {"surrogate", "\xED\xA0\x80", r + r + r},
      {"beyond the last code point", "\xF4\x90\x80\x80", r + r + r + r},
      {"five-byte lead", "\xF8\x88", r + r},
      {"0xFF", "\xFF", r},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(Escaped(test.text), "\"" + test.json + "\"");
  }
}

TEST(JsonLineTest, WritesFieldsInOrderAndLeavesOutWhatIsEmpty) {
  JsonLine line;
  const std::vector<std::string> two = {"a", "b\""};
  line.String("empty", "").Strings("none", {}).String("text", "x").Strings("list", two);
  line.Open("object").String("in", "y").Number("n", -7).Close();
  line.Open("hollow").String("in", "").Close().True("yes");
  EXPECT_EQ(std::move(line).Finish(),
            R"({"text":"x","list":["a","b\""],"object":{"in":"y","n":-7},"yes":true})"
            "\n");
}

TEST(JsonLineTest, WritesAnObjectWithoutFields) {
  EXPECT_EQ(JsonLine().Finish(), "{}\n");
  JsonLine line;
  line.Open("hollow").Close();
  EXPECT_EQ(std::move(line).Finish(), "{}\n");
}

TEST(JsonLineTest, WritesTheExtremesOfNumbers) {
  JsonLine line;
  line.Number("least", std::numeric_limits<std::int64_t>::min());
  line.Number("most", std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(std::move(line).Finish(),
            "{\"least\":-9223372036854775808,\"most\":9223372036854775807}\n");
}

}  // namespace
}  // namespace behalf
