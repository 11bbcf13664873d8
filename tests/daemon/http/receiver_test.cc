#include "daemon/http/receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fakes/fake_http.h"
#include "tests/status_matchers.h"
#include "tests/temporary_folder.h"

namespace behalf {
namespace {

using testing::HasSubstr;

constexpr char kUrl[] = "https://heads.contoso.example/behalf";

class ReceiverTest : public testing::Test {
 protected:
  ~ReceiverTest() override { executor_.Stop(); }

  absl::Status Post(const ReceiverClient::Address& address) {
    return ReceiverClient(http_, address).Post("{}\n", "application/json");
  }
  absl::Status PostTo(const std::string& url) {
    return Post({.url = url, .called = "the collector"});
  }
  std::string TokenFile(const std::string& text) const {
    const std::string path = folder_.path() / "token";
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
  }
  absl::Status PostWithToken(const std::string& text) {
    return Post({.url = kUrl, .token_file = TokenFile(text), .called = "the collector"});
  }

  const TemporaryFolder folder_;
  Executor executor_{1};
  FakeHttp http_{executor_};
};

TEST_F(ReceiverTest, WhatIsPostedArrivesAsTheDocumentsSay) {
  http_.On(kUrl, 204, "");
  EXPECT_THAT(Post({.url = kUrl,
                    .ca_file = "ca.pem",
                    .proxy = "http://proxy:1",
                    .token_file = TokenFile("s3cret\n"),
                    .called = "the collector"}),
              IsOk());
  const SeenRequest seen = http_.seen().front();
  EXPECT_EQ(seen.content, "{}\n");
  EXPECT_EQ(seen.content_type, "application/json");
  EXPECT_EQ(seen.ca_file, "ca.pem");
  EXPECT_EQ(seen.proxy, "http://proxy:1");
  EXPECT_EQ(seen.bearer, "s3cret");
  EXPECT_FALSE(seen.plain);
}

TEST_F(ReceiverTest, OnlyAnAddressThatSaysSoIsSpokenToWithoutTls) {
  http_.On("http://127.0.0.1:4318/v1/traces", 200, "");
  EXPECT_THAT(PostTo("http://127.0.0.1:4318/v1/traces"), IsOk());
  EXPECT_TRUE(http_.seen().front().plain);
}

TEST_F(ReceiverTest, TheStatusSaysWhetherAnotherAttemptIsOfUse) {
  for (const int status : {200, 202, 204, 299}) {
    http_.On(kUrl, status, "");
    EXPECT_THAT(PostTo(kUrl), IsOk()) << status;
  }
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    http_.On(kUrl, status, "");
    EXPECT_EQ(PostTo(kUrl).code(), absl::StatusCode::kUnavailable) << status;
  }
  for (const int status : {199, 301, 302, 400, 401, 404, 413}) {
    http_.On(kUrl, status, "");
    const absl::Status posted = PostTo(kUrl);
    EXPECT_EQ(posted.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_EQ(posted.message(), "the collector answered " + std::to_string(status));
  }
  EXPECT_EQ(PostTo("https://nobody.example/").code(), absl::StatusCode::kUnavailable);
}

TEST_F(ReceiverTest, ATokenThatIsReplacedCountsTheNextTime) {
  http_.On(kUrl, 200, "");
  EXPECT_THAT(PostWithToken("old\n"), IsOk());
  EXPECT_THAT(PostWithToken("new\n"), IsOk());
  EXPECT_EQ(http_.seen().back().bearer, "new");
}

TEST_F(ReceiverTest, AFileThatHoldsNoTokenIsNotSent) {
  http_.On(kUrl, 200, "");
  for (const char* const text : {"two\nlines\n", "a b", "caf\xc3\xa9", "carriage\r\n"}) {
    const absl::Status posted = PostWithToken(text);
    EXPECT_EQ(posted.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(posted.message()), HasSubstr("holds no bearer token")) << text;
  }
  EXPECT_FALSE(Post({.url = kUrl, .token_file = "/nowhere", .called = "it"}).ok());
  EXPECT_EQ(http_.count(), 0U);
}

}  // namespace
}  // namespace behalf
