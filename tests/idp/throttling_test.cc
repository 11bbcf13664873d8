// Tenants that limit how often each client may ask for each resource.
#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

constexpr char kGraph[] = "https://graph.microsoft.com/.default";

class ThrottlingTest : public IdpTest {
 protected:
  ThrottlingTest() {
    directory_.tenants.front().throttle = {.requests = 2, .seconds = 10, .retry_after = 7};
    provider_ = std::make_unique<IdentityProvider>(directory_, Keys(), clock_, *random_);
  }

  void After(int seconds) { clock_.now += absl::Seconds(seconds); }
  int Ask(const std::string& scope) const { return Post(AsReports(scope)).response.status; }

  Directory directory_ = Contoso();
};

TEST_F(ThrottlingTest, WhoAsksTooOftenIsToldWhenToComeBack) {
  EXPECT_EQ(Ask(kGraph), 200);
  EXPECT_EQ(Ask(kGraph), 200);
  const Reply reply = Post(AsReports(kGraph));
  EXPECT_EQ(reply.response.status, 429);
  EXPECT_EQ(reply.code(), 90055);
  EXPECT_EQ(reply.Text("error"), "temporarily_unavailable");
  const std::pair<std::string, std::string> header{"Retry-After", "7"};
  const auto& headers = reply.response.headers;
  EXPECT_NE(std::find(headers.begin(), headers.end(), header), headers.end());
}

TEST_F(ThrottlingTest, TheWindowSlidesAndRefusedRequestsDoNotCount) {
  EXPECT_EQ(Ask(kGraph), 200);
  After(6);
  EXPECT_EQ(Ask(kGraph), 200);
  After(3);
  EXPECT_EQ(Ask(kGraph), 429);
  After(1);
  EXPECT_EQ(Ask(kGraph), 200);
  EXPECT_EQ(Ask(kGraph), 429);
  After(6);
  EXPECT_EQ(Ask(kGraph), 200);
}

TEST_F(ThrottlingTest, EachClientAndResourceIsCountedByItself) {
  EXPECT_EQ(Ask(kGraph), 200);
  EXPECT_EQ(Ask("00000003-0000-0000-c000-000000000000/.default"), 200);
  EXPECT_EQ(Ask(kGraph), 429);
  EXPECT_EQ(Ask(absl::StrCat(kLedger, "/.default")), 200);
  EXPECT_EQ(Post(ForExchange()).response.status, 200);
}

TEST_F(ThrottlingTest, WhatFailsCountsToo) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Ask("https://graph.microsoft.com/Mail.Read"), 400);
  EXPECT_EQ(Ask(kGraph), 429);
}

}  // namespace
}  // namespace behalf::idp
