#include "daemon/oauth/token_response.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

TEST(TokenResponse, AGoodOneIsRead) {
  const auto reply = ParseTokenResponse(Answered(
      200,
      R"({"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"t"})"));
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->token_type, "Bearer");
  EXPECT_EQ(reply->access_token.Reveal(), "t");
  EXPECT_EQ(reply->expires_in, 3599);
}

TEST(TokenResponse, WhatIsNoJsonObjectIsMalformed) {
  for (const std::string body : {"", "null", "[]", "\"t\"", "<html>", R"({"access_token":"t")",
                                 R"({"access_token":"t","access_token":"u"})"}) {
    SCOPED_TRACE(body);
    EXPECT_THAT(ParseTokenResponse(Answered(200, body)), HasReason(Reason::kReplyMalformed));
  }
}

TEST(TokenResponse, ASuccessWithoutATokenIsMalformed) {
  for (const std::string body :
       {R"({})", R"({"error":"invalid_grant"})", R"({"access_token":null})",
        R"({"access_token":["t"]})", R"({"access_token":{"t":1}})", R"({"id_token":"t"})"}) {
    SCOPED_TRACE(body);
    EXPECT_THAT(ParseTokenResponse(Answered(200, body)), HasReason(Reason::kReplyMalformed));
  }
}

TEST(TokenResponse, AnEmptyTokenIsMalformed) {
  EXPECT_THAT(ParseTokenResponse(Answered(200, R"({"access_token":""})")),
              HasReason(Reason::kReplyMalformed));
}

TEST(TokenResponse, ATokenTypeThatIsMissingOrNoTextIsEmpty) {
  for (const std::string body :
       {R"({"access_token":"t"})", R"({"access_token":"t","token_type":1})"}) {
    const auto reply = ParseTokenResponse(Answered(200, body));
    ASSERT_THAT(reply, IsOk());
    EXPECT_EQ(reply->token_type, "");
    EXPECT_EQ(reply->expires_in, std::nullopt);
  }
}

TEST(TokenResponse, ExpiresInMayBeANumberOrTheTextOfOne) {
  struct Row {
    std::string text;
    std::optional<std::int64_t> seconds;  // none: malformed
  };
  const std::vector<Row> table = {{"3599", 3599},   {"\"3599\"", 3599},
                                  {"0", 0},         {"-1", -1},
                                  {"\"-1\"", -1},   {"999999999999", 999999999999},
                                  {"3599.5", {}},   {"1e3", {}},
                                  {"\"soon\"", {}}, {"\"\"", {}},
                                  {"true", {}},     {"null", {}},
                                  {"[3599]", {}},   {"\"99999999999999999999\"", {}}};
  for (const Row& row : table) {
    SCOPED_TRACE(row.text);
    const auto reply =
        ParseTokenResponse(Answered(200, R"({"access_token":"t","expires_in":)" + row.text + "}"));
    if (!row.seconds) {
      EXPECT_THAT(reply, HasReason(Reason::kReplyMalformed));
      continue;
    }
    ASSERT_THAT(reply, IsOk());
    EXPECT_EQ(reply->expires_in, row.seconds);
  }
}

TEST(TokenResponse, RetryAfterIsHeldBetweenOneSecondAndFiveMinutes) {
  struct Row {
    std::string header;
    absl::Duration delay;
  };
  const std::vector<Row> table = {
      {"7", absl::Seconds(7)},          {"0", absl::Seconds(1)},
      {"-5", absl::Seconds(1)},         {"1", absl::Seconds(1)},
      {"300", absl::Minutes(5)},        {"301", absl::Minutes(5)},
      {"9999999999", absl::Minutes(5)}, {"", absl::Seconds(3)},
      {"soon", absl::Seconds(3)},       {"Wed, 21 Oct 2026 07:28:00 GMT", absl::Seconds(3)}};
  for (const Row& row : table) {
    SCOPED_TRACE(row.header);
    HttpResponse response = Answered(429, "");
    response.retry_after = row.header;
    EXPECT_EQ(RetryAfter(response, absl::Seconds(3)), row.delay);
  }
}

}  // namespace
}  // namespace behalf
