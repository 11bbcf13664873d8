#include "daemon/http/response_header.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace behalf {
namespace {

HttpResponse Read(std::string_view line) {
  HttpResponse response;
  response.retry_after = "before";
  ReadHeader(line, response);
  return response;
}

TEST(ReadHeaderTest, TakesTheValueOfWhatIsKept) {
  EXPECT_EQ(Read("Retry-After: 12\r\n").retry_after, "12");
  EXPECT_EQ(Read("RETRY-AFTER:12").retry_after, "12");
  EXPECT_EQ(Read("retry-after: \t a b \t\r\n").retry_after, "a b");
  EXPECT_EQ(Read("retry-after:\r\n").retry_after, "");
  EXPECT_EQ(Read("date: today").date, "today");
  EXPECT_EQ(Read("date: today").retry_after, "before");
}

TEST(ReadHeaderTest, PassesOverAllElse) {
  for (const std::string line : {"", "\r\n", "retry-after", "retry-afte: 12", "retry-after : 12",
                                 "x-retry-after: 12", " retry-after: 12", "HTTP/2 429"}) {
    EXPECT_EQ(Read(line).retry_after, "before") << line;
    EXPECT_EQ(Read(line).date, "") << line;
  }
}

TEST(ParseHttpDateTest, TakesTheOneFormThatSendersUse) {
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), absl::FromUnixSeconds(784111777));
}

TEST(ParseHttpDateTest, TakesNoOther) {
  for (const std::string text :
       {"", "infinite-future", "infinite-past", " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:60 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06 Nov 11994 08:49:37 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "784111777"}) {
    EXPECT_EQ(ParseHttpDate(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace behalf
