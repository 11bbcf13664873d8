#include "daemon/http/edge.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "daemon/base/descriptor.h"

namespace behalf {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kGet[] = "GET /numbers HTTP/1.1\r\nHost: a\r\n\r\n";

class EdgeTest : public testing::Test {
 protected:
  void Begin(Edge::Bounds bounds = {}) {
    auto opened = Edge::Open("127.0.0.1:0", bounds);
    ASSERT_TRUE(opened.ok()) << opened.status();
    edge_ = *std::move(opened);
    edge_->Serve({.path = "/numbers", .content_type = "text/x-numbers", .body = [this] {
                    return "one 1\n" + std::string(padding_, 'x');
                  }});
  }

  Descriptor Connect() const {
    Descriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(edge_->port()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(client.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)), 0);
    return client;
  }

  // All that comes until the connection ends.
  static std::string Hear(const Descriptor& client) {
    std::string heard;
    char part[4096];
    for (ssize_t n; (n = recv(client.get(), part, sizeof(part), 0)) > 0;) heard.append(part, n);
    return heard;
  }

  std::string Ask(const std::string& request) const {
    const Descriptor client = Connect();
    send(client.get(), request.data(), request.size(), MSG_NOSIGNAL);
    return Hear(client);
  }

  std::size_t padding_ = 0;
  std::unique_ptr<Edge> edge_;
};

TEST_F(EdgeTest, AnswersThePage) {
  Begin();
  const std::string answer = Ask(kGet);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                            HasSubstr("\r\nContent-Type: text/x-numbers\r\n"),
                            HasSubstr("\r\nConnection: close\r\n"), EndsWith("\r\n\r\none 1\n")));
  EXPECT_EQ(Ask("GET /numbers?name=x HTTP/1.1\r\nHost: a\r\n\r\n"), answer);
  EXPECT_THAT(Ask("GET /numbers HTTP/1.0\r\n\r\n"), EndsWith("\r\n\r\none 1\n"));
}

TEST_F(EdgeTest, APageLargerThanAnyBufferArrivesWhole) {
  padding_ = 8 << 20;
  Begin();
  EXPECT_GT(Ask(kGet).size(), padding_);
}

TEST_F(EdgeTest, AHeadHasNoBody) {
  Begin();
  EXPECT_THAT(Ask("HEAD /numbers HTTP/1.1\r\nHost: a\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nContent-Length: 6\r\n"),
                    EndsWith("\r\n\r\n")));
}

TEST_F(EdgeTest, NothingElseIsThereAndNothingCanBeChanged) {
  Begin();
  for (const char* path : {"/", "/number", "/numbers/", "/numbers%20", "*", "//numbers"}) {
    const std::string request = std::string("GET ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    EXPECT_THAT(Ask(request), StartsWith("HTTP/1.1 404 Not Found\r\n")) << path;
  }
  EXPECT_THAT(Ask("DELETE /numbers HTTP/1.1\r\nHost: a\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"),
                    HasSubstr("\r\nAllow: GET, HEAD\r\n")));
}

TEST_F(EdgeTest, WhatIsNoRequestIsToldSoAndEnds) {
  Begin();
  const std::string bytes[] = {
      "\r\n\r\n\x16\x03\x01 hello\r\n\r\n",
      "GET /numbers\r\n\r\n",
      "GET /numbers HTTP/1.1\r\nHost a\r\n\r\n",
      "POST /numbers HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
      "GET /numbers HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
      "GET /" + std::string(100'000, 'n') + " HTTP/1.1\r\n\r\n",
  };
  for (const std::string& request : bytes) {
    EXPECT_THAT(Ask(request), StartsWith("HTTP/1.1 400 Bad Request\r\n")) << request.substr(0, 60);
  }
  EXPECT_THAT(Ask(kGet), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(EdgeTest, WhoSaysNothingIsNotWaitedFor) {
  Begin({.time = std::chrono::milliseconds(50)});
  EXPECT_EQ(Hear(Connect()), "");
  EXPECT_EQ(Ask("GET /numbers HTTP/1.1\r\nHost:"), "");
}

TEST_F(EdgeTest, MoreConnectionsThanAreAllowedAreClosed) {
  Begin({.connections = 2, .time = std::chrono::minutes(10)});
  const Descriptor first = Connect();
  Descriptor second = Connect();
  EXPECT_EQ(Hear(Connect()), "");
  send(second.get(), kGet, sizeof(kGet) - 1, MSG_NOSIGNAL);
  EXPECT_THAT(Hear(second), StartsWith("HTTP/1.1 200 OK\r\n"));
  second.Close();
  std::string answer;
  while (answer.empty()) answer = Ask(kGet);  // until its end was seen
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(EdgeTest, EndsWhileSomebodyIsConnected) {
  Begin({.time = std::chrono::minutes(10)});
  const Descriptor waiting = Connect();
  edge_.reset();
  EXPECT_EQ(Hear(waiting), "");
}

TEST_F(EdgeTest, APlaceThatCannotBeListenedOnIsToldInASentence) {
  Begin();
  const std::string taken = "127.0.0.1:" + std::to_string(edge_->port());
  EXPECT_EQ(Edge::Open(taken).status().message(),
            "metrics.listen: " + taken +
                " cannot be listened on: Address already in use; choose "
                "another address or port, or leave `metrics` out of the Daemon document");
  for (const char* none : {"127.0.0.1", "localhost:9464", "[::1:9464", "[12345::]:9464",
                           "1.2.3.4:x", "127.0.0.1:70000"}) {
    EXPECT_FALSE(Edge::Open(none).ok()) << none;
  }
}

}  // namespace
}  // namespace behalf
