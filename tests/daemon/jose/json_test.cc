#include "daemon/jose/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace behalf {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

JsonObject Parsed(std::string_view text) {
  auto object = JsonObject::Parse(text);
  EXPECT_TRUE(object.ok()) << object.status() << " in " << text;
  return *std::move(object);
}

TEST(JsonTest, AStringIsOnlyReadFromAString) {
  const JsonObject object = Parsed(R"({"s":"a\u0041\n","e":"","n":1,"x":null,"a":["s"],"o":{}})");
  EXPECT_EQ(object.String("s"), "aA\n");
  EXPECT_EQ(object.String("e"), "");
  for (const std::string_view key : {"n", "x", "a", "o", "absent"}) {
    EXPECT_EQ(object.String(key), std::nullopt) << key;
  }
}

TEST(JsonTest, AnIntegerIsOnlyReadFromANumberWrittenAsOneThatFits) {
  const JsonObject object = Parsed(
      R"({"a":0,"b":-1,"max":9223372036854775807,"min":-9223372036854775808,
          "over":9223372036854775808,"float":1.0,"exp":1e3,"s":"1","t":true,"x":null,"l":[1],
          "huge":1e22})");
  EXPECT_EQ(object.Integer("a"), 0);
  EXPECT_EQ(object.Integer("b"), -1);
  EXPECT_EQ(object.Integer("max"), INT64_MAX);
  EXPECT_EQ(object.Integer("min"), INT64_MIN);
  for (const std::string_view key :
       {"over", "float", "exp", "s", "t", "x", "l", "huge", "absent"}) {
    EXPECT_EQ(object.Integer(key), std::nullopt) << key;
  }
}

TEST(JsonTest, ABoolIsOnlyReadFromABool) {
  const JsonObject object = Parsed(R"({"t":true,"f":false,"n":1,"s":"true","x":null})");
  EXPECT_EQ(object.Bool("t"), true);
  EXPECT_EQ(object.Bool("f"), false);
  for (const std::string_view key : {"n", "s", "x", "absent"}) {
    EXPECT_EQ(object.Bool(key), std::nullopt) << key;
  }
}

TEST(JsonTest, AnArrayIsOnlyReadWhenAllItsElementsAreOfTheType) {
  const JsonObject object = Parsed(
      R"({"s":["a","b"],"i":[1,-2],"o":[{"k":1},{"k":2}],"none":[],"mixed":["a",1],"f":[1,2.0],
          "one":"a","deep":[["a"]]})");
  EXPECT_THAT(object.Strings("s"), Optional(ElementsAre("a", "b")));
  EXPECT_THAT(object.Integers("i"), Optional(ElementsAre(1, -2)));
  EXPECT_THAT(object.Strings("none"), Optional(IsEmpty()));
  EXPECT_THAT(object.Integers("none"), Optional(IsEmpty()));
  for (const std::string_view key : {"i", "o", "mixed", "one", "deep", "absent"}) {
    EXPECT_EQ(object.Strings(key), std::nullopt) << key;
  }
  for (const std::string_view key : {"s", "o", "mixed", "f", "absent"}) {
    EXPECT_EQ(object.Integers(key), std::nullopt) << key;
  }
  const auto objects = object.Objects("o");
  ASSERT_TRUE(objects.has_value());
  ASSERT_EQ(objects->size(), 2u);
  EXPECT_EQ((*objects)[1].Integer("k"), 2);
  EXPECT_FALSE(object.Objects("s").has_value());
  EXPECT_FALSE(object.Objects("mixed").has_value());
}

TEST(JsonTest, AnObjectInsideIsOnlyReadFromAnObject) {
  const JsonObject object = Parsed(R"({"act":{"sub":"x"},"a":[{}],"s":"{}"})");
  ASSERT_TRUE(object.Object("act").has_value());
  EXPECT_EQ(object.Object("act")->String("sub"), "x");
  for (const std::string_view key : {"a", "s", "absent"}) {
    EXPECT_FALSE(object.Object(key).has_value()) << key;
  }
}

TEST(JsonTest, HasAnswersForEveryTypeEvenNull) {
  const JsonObject object = Parsed(R"({"x":null,"o":{"inner":1},"":1})");
  EXPECT_TRUE(object.Has("x"));
  EXPECT_TRUE(object.Has("o"));
  EXPECT_TRUE(object.Has(""));
  EXPECT_FALSE(object.Has("inner"));
  EXPECT_FALSE(object.Has("X"));
  EXPECT_FALSE(object.Has("x\0"s));
}

TEST(JsonTest, ViewsOutliveAMoveAndTheObjectTheyWereTakenThrough) {
  auto object = std::make_unique<JsonObject>(Parsed(R"({"a":"short","o":{"k":["v"]}})"));
  const std::string_view text = *object->String("a");
  const JsonObject moved = std::move(*object);
  std::optional<JsonObject> inner = moved.Object("o");
  object.reset();
  Parsed(R"({"another":"text for the parser of this thread"})");
  EXPECT_EQ(text, "short");
  EXPECT_THAT(inner->Strings("k"), Optional(ElementsAre("v")));
}

struct Refusal {
  const char* name;
  std::string text;
};

const Refusal kRefusals[] = {
    {"nothing", ""},
    {"white space", " \n"},
    {"an array at the top", "[]"},
    {"a string at the top", R"("s")"},
    {"null at the top", "null"},
    {"a byte order mark", "\xEF\xBB\xBF{}"},
    {"UTF-16", "{\0}\0"s},
    {"something after", "{} {}"},
    {"NUL after", "{}\0"s},
    {"a comment", "{/**/}"},
    {"a trailing comma", R"({"a":1,})"},
    {"a single quote", "{'a':1}"},
    {"a duplicate key", R"({"a":1,"a":1})"},
    {"a duplicate key spelt with an escape", R"({"alg":1,"\u0061lg":2})"},
    {"a duplicate empty key", R"({"":1,"":2})"},
    {"a duplicate key far apart", R"({"a":1,"b":1,"c":1,"d":1,"e":1,"a":1})"},
    {"a duplicate key in an object in an array", R"({"a":[1,{"b":{"c":1,"c":2}}]})"},
    {"a lone high surrogate", R"({"a":"\ud800"})"},
    {"a lone low surrogate", R"({"a":"\udc00"})"},
    {"surrogates the wrong way round", R"({"a":"\udc00\ud800"})"},
    {"a lone surrogate in a key", R"({"\ud800":1})"},
    {"invalid UTF-8", "{\"a\":\"\xff\"}"},
    {"an overlong encoding", "{\"a\":\"\xc0\xaf\"}"},
    {"an encoded surrogate", "{\"a\":\"\xed\xa0\x80\"}"},
    {"a control character", "{\"a\":\"\n\"}"},
    {"an infinite number", R"({"a":1e400})"},
    {"an integer beyond 64 bits", R"({"a":99999999999999999999})"},
    {"a leading zero", R"({"a":01})"},
    {"hexadecimal", R"({"a":0x1})"},
    {"NaN", R"({"a":NaN})"},
    {"a depth of 10,000", R"({"a":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}"},
    {"a depth of 10,000, cut short", R"({"a":)" + std::string(10'000, '[')},
};

TEST(JsonTest, WhatIsAmbiguousOrMalformedIsRefused) {
  for (const Refusal& refusal : kRefusals) {
    SCOPED_TRACE(refusal.name);
    const auto object = JsonObject::Parse(refusal.text);
    ASSERT_FALSE(object.ok());
    EXPECT_EQ(object.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(JsonTest, TheSameKeyInDifferentObjectsIsNoDuplicate) {
  EXPECT_TRUE(JsonObject::Parse(R"({"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}})").ok());
}

TEST(JsonTest, TheDepthLimitCountsObjectsAndArrays) {
  EXPECT_TRUE(JsonObject::Parse(R"({"a":1})", {.max_depth = 1}).ok());
  EXPECT_FALSE(JsonObject::Parse(R"({"a":[]})", {.max_depth = 1}).ok());
  EXPECT_FALSE(JsonObject::Parse(R"({"a":{}})", {.max_depth = 1}).ok());
  EXPECT_TRUE(JsonObject::Parse(R"({"a":[[[[[[[]]]]]]]})").ok());
  EXPECT_FALSE(JsonObject::Parse(R"({"a":[[[[[[[[]]]]]]]]})").ok());
}

TEST(JsonTest, TheSizeLimitIsExact) {
  EXPECT_TRUE(JsonObject::Parse(R"({"a":1})", {.max_bytes = 7}).ok());
  EXPECT_FALSE(JsonObject::Parse(R"({"a":1})", {.max_bytes = 6}).ok());
}

TEST(JsonTest, ATextLargerThanUsualIsReadToo) {
  const std::string text = R"({"a":")" + std::string(300'000, 'x') + R"(","b":1})";
  EXPECT_EQ(Parsed(text).Integer("b"), 1);
  EXPECT_FALSE(JsonObject::Parse(R"({"a":")" + std::string(2'000'000, 'x') + R"("})").ok());
}

TEST(JsonTest, ARefusalQuotesNothing) {
  const auto object = JsonObject::Parse(R"({"secret":"s3cret","secret":1})");
  ASSERT_FALSE(object.ok());
  EXPECT_EQ(object.status().message().find("s3cret"), absl::string_view::npos);
}

}  // namespace
}  // namespace behalf
