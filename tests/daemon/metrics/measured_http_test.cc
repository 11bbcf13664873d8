#include "daemon/metrics/measured_http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/executor.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/daemon/metrics/series.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_http.h"

namespace behalf {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr char kUrl[] = "https://login.example/token";
constexpr char kSkew[] = "behalf_provider_clock_skew_seconds{provider=\"contoso\"}";

class MeasuredHttpTest : public testing::Test {
 protected:
  ~MeasuredHttpTest() override { executor_.Stop(); }

  // The answer takes two seconds of our clock.
  void Answer(int status, std::string date = {}) {
    http_.On(kUrl, [this, status, date](const SeenRequest&) {
      clock_.Advance(absl::Seconds(2));
      HttpResponse response = Answered(status, "{}");
      response.date = date;
      return absl::StatusOr<HttpResponse>(std::move(response));
    });
  }
  absl::StatusOr<HttpResponse> Send(std::string provider = "contoso", std::string url = kUrl) {
    HttpRequest request(std::move(url));
    request.provider = std::move(provider);
    return RunToEnd(measured_.Send(std::move(request)));
  }
  std::map<std::string, double> Numbers() const { return SeriesOf(registry_); }
  static std::string Requests(const std::string& status) {
    return "behalf_provider_requests_total{provider=\"contoso\",status=\"" + status + "\"}";
  }

  // Fri, 13 Jun 2025 12:26:40 GMT
  FakeClock clock_{absl::FromUnixSeconds(1'749'817'600)};
  Executor executor_{1};
  FakeHttp http_{executor_};
  prometheus::Registry registry_;
  MeasuredHttp measured_{http_, registry_, clock_};
};

TEST_F(MeasuredHttpTest, AnswersAreCountedByTheirClass) {
  for (const int status : {200, 204, 301, 400, 401, 429, 500, 503, 0, 99, 600, 999}) {
    Answer(status);
    ASSERT_TRUE(Send().ok());
  }
  ASSERT_FALSE(Send("contoso", "https://nobody.example").ok());
  const auto numbers = Numbers();
  EXPECT_THAT(numbers, Contains(Pair(Requests("2xx"), 2)));
  EXPECT_THAT(numbers, Contains(Pair(Requests("3xx"), 1)));
  EXPECT_THAT(numbers, Contains(Pair(Requests("4xx"), 2)));
  EXPECT_THAT(numbers, Contains(Pair(Requests("429"), 1)));
  EXPECT_THAT(numbers, Contains(Pair(Requests("5xx"), 2)));
  EXPECT_THAT(numbers, Contains(Pair(Requests("other"), 4)));
  EXPECT_THAT(numbers, Contains(Pair(Requests("none"), 1)));
}

TEST_F(MeasuredHttpTest, WhatIsForNobodyIsNotCounted) {
  Answer(200, "Fri, 13 Jun 2025 12:26:40 GMT");
  ASSERT_TRUE(Send("").ok());
  EXPECT_THAT(Numbers(), IsEmpty());
}

TEST_F(MeasuredHttpTest, TheirClockIsComparedWithTheMiddleOfTheRequest) {
  Answer(200, "Fri, 13 Jun 2025 12:27:40 GMT");
  ASSERT_TRUE(Send().ok());  // it took from :40 to :42
  EXPECT_THAT(Numbers(), Contains(Pair(kSkew, 59.5)));
  Answer(400, "Fri, 13 Jun 2025 12:26:02 GMT");
  ASSERT_TRUE(Send().ok());  // from :42 to :44
  EXPECT_THAT(Numbers(), Contains(Pair(kSkew, -40.5)));
}

TEST_F(MeasuredHttpTest, WhatIsNoDateSaysNothingOfTheirClock) {
  for (const char* date :
       {"", "now", "infinite-future", "1749817600", "Fri, 13 Jun 2025 12:27:40 CET",
        "Fri, 13 Jun 2025 12:27:40 GMT and more"}) {
    Answer(200, date);
    ASSERT_TRUE(Send().ok());
    EXPECT_THAT(Numbers(), Not(Contains(Key(kSkew)))) << date;
  }
}

TEST_F(MeasuredHttpTest, ProvidersThatAreGoneHaveNoNumbers) {
  Answer(200, "Fri, 13 Jun 2025 12:27:40 GMT");
  ASSERT_TRUE(Send().ok());
  measured_.Follow(*ContosoCatalog());
  EXPECT_THAT(Numbers(), Contains(Key(kSkew)));
  measured_.Follow(*ContosoCatalog(
      {{"name: contoso", "name: fabrikam"}, {"provider: contoso", "provider: fabrikam"}}));
  EXPECT_THAT(Numbers(), IsEmpty());
}

}  // namespace
}  // namespace behalf
