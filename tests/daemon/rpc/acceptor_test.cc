#include "daemon/rpc/acceptor.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/rpc/attested_server.h"
#include "tests/daemon/rpc/child_process.h"

namespace behalf {
namespace {

using testing::Not;
using testing::StartsWith;

class ScopedDescriptorLimit {
 public:
  explicit ScopedDescriptorLimit(rlim_t limit) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit lower{.rlim_cur = limit, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &lower);
  }
  ~ScopedDescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// All descriptors that the limit leaves.
class Hoard {
 public:
  Hoard() {
    int fd = -1;
    while ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) hoard_.push_back(fd);
  }
  ~Hoard() {
    for (const int fd : hoard_) close(fd);
  }

 private:
  std::vector<int> hoard_;
};

TEST(ConnectionCap, IsWhatWasConfiguredUnlessDescriptorsAreFewer) {
  EXPECT_EQ(ConnectionCap(1024, 20000), 1024);
  EXPECT_EQ(ConnectionCap(1024, 1088), 1024);
  EXPECT_EQ(ConnectionCap(1024, 1087), 1023);
  EXPECT_EQ(ConnectionCap(1024, 256), 192);
  EXPECT_EQ(ConnectionCap(1024, 64), 16);
  EXPECT_EQ(ConnectionCap(1024, 0), 16);
  EXPECT_EQ(ConnectionCap(8, 0), 8);
  EXPECT_EQ(ConnectionCap(1024, RLIM_INFINITY), 1024);
  EXPECT_EQ(ConnectionCap(1024, std::numeric_limits<std::uint64_t>::max()), 1024);
}

TEST(Acceptor, RefusesConnectionsOverAUsersCapUntilSomeEnd) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as other accounts";
  AttestedServer server({.total = 100, .per_user = 3});
  ChildProcess greedy(ClientOf(server.path(), 61001));
  ChildProcess other(ClientOf(server.path(), 61002));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(greedy.Ask("keep 5000"), StartsWith("61001 "));
  EXPECT_EQ(greedy.Ask("open 2"), "opened 2");
  EXPECT_EQ(greedy.Ask("ended 2"), "ended 2");
  EXPECT_EQ(server.acceptor().refused(), 2u);
  EXPECT_THAT(other.Ask("call 5000"), StartsWith("61002 "));
  EXPECT_THAT(greedy.Ask("again 5000"), StartsWith("61001 "));
  greedy.Ask("drop");
  EXPECT_THAT(greedy.Ask("call 5000"), StartsWith("61001 "));
}

TEST(Acceptor, RefusesConnectionsOverTheTotalUntilSomeEnd) {
  AttestedServer server({.total = 4, .per_user = 4});
  ChildProcess first(ClientOf(server.path(), 61001));
  ChildProcess second(ClientOf(server.path(), 61002));
  for (int i = 0; i < 4; ++i) EXPECT_THAT(first.Ask("keep 5000"), Not(StartsWith("error")));
  EXPECT_EQ(second.Ask("open 1"), "opened 1");
  EXPECT_EQ(second.Ask("ended 1"), "ended 1");
  first.Ask("drop");
  EXPECT_THAT(second.Ask("call 5000"), Not(StartsWith("error")));
}

TEST(Acceptor, EndsWhatItCannotServeWhenDescriptorsHaveRunOutAndGoesOnAfterwards) {
  AttestedServer server({.total = 1000, .per_user = 1000});
  ChildProcess client(ClientOf(server.path(), 61001));
  ASSERT_THAT(client.Ask("keep 5000"), Not(StartsWith("error")));
  for (int round = 0; round < 3; ++round) {
    {
      const ScopedDescriptorLimit limit(256);
      const Hoard hoard;
      // A few may be served: gRPC closes the call of the round before when it pleases.
      EXPECT_EQ(client.Ask("open 100"), "opened 100");
      EXPECT_THAT(client.Ask("ended 90"), StartsWith("ended "));
      EXPECT_THAT(client.Ask("again 5000"), Not(StartsWith("error")));
      client.Ask("close");
    }
    EXPECT_THAT(client.Ask("call 1000"), Not(StartsWith("error")));
  }
  EXPECT_GE(server.acceptor().refused(), 270u);
}

class Flood : public testing::TestWithParam<PeerTable::Caps> {};

INSTANTIATE_TEST_SUITE_P(CappedAndNot, Flood,
                         testing::Values(PeerTable::Caps{ConnectionCap(1024, 256), 192},
                                         PeerTable::Caps{100000, 100000}));

TEST_P(Flood, OfTwoThousandConnectionsOn256DescriptorsIsOverASecondAfterTheyClose) {
  const ScopedDescriptorLimit limit(256);
  AttestedServer server(GetParam());
  ChildProcess flood(ClientOf(server.path(), 61001));
  ChildProcess client(ClientOf(server.path(), 61002));
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(flood.Ask("open 2000"), "opened 2000");
    EXPECT_THAT(flood.Ask("ended 1744"), StartsWith("ended "));
    EXPECT_EQ(flood.Ask("close"), "closed");
    EXPECT_THAT(client.Ask("call 1000"), Not(StartsWith("error")));
  }
  EXPECT_GE(server.acceptor().refused(), 3u * 1744);
}

TEST_P(Flood, OfConnectionsThatEndAtOnceIsOverWithinASecond) {
  const ScopedDescriptorLimit limit(256);
  AttestedServer server(GetParam());
  ChildProcess flood(ClientOf(server.path(), 61001));
  ChildProcess client(ClientOf(server.path(), 61002));
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(flood.Ask("open 2000"), "opened 2000");
    EXPECT_EQ(flood.Ask("close"), "closed");
    EXPECT_THAT(client.Ask("call 1000"), Not(StartsWith("error")));
  }
}

TEST(Acceptor, HandsOverNonBlockingDescriptorsThatNoChildInherits) {
  const TemporaryDirectory directory;
  InheritedListeners none;
  auto listener = UnixListener::Open(SocketAt("a", directory / "a"), none);
  ASSERT_TRUE(listener.ok()) << listener.status();
  Acceptor::Listeners listeners;
  listeners.push_back(*std::move(listener));
  PeerTable peers({.total = 4, .per_user = 4});
  int pipe_ends[2];
  ASSERT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
  auto acceptor = Acceptor::Start(std::move(listeners), {}, peers, [&](int fd) {
    const int known = peers.Find(fd) != nullptr ? 1 : 0;
    const int facts[] = {known, fcntl(fd, F_GETFD) & FD_CLOEXEC, fcntl(fd, F_GETFL) & O_NONBLOCK};
    close(fd);
    EXPECT_EQ(write(pipe_ends[1], facts, sizeof facts), static_cast<ssize_t>(sizeof facts));
  });
  ASSERT_TRUE(acceptor.ok()) << acceptor.status();
  ChildProcess client(ClientOf(directory / "a", 61001));
  EXPECT_EQ(client.Ask("open 1"), "opened 1");
  int facts[3] = {};
  ASSERT_EQ(read(pipe_ends[0], facts, sizeof facts), static_cast<ssize_t>(sizeof facts));
  EXPECT_THAT(facts, testing::ElementsAre(1, FD_CLOEXEC, O_NONBLOCK));
  acceptor->reset();
  EXPECT_NE(access((directory / "a").c_str(), F_OK), 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(Acceptor, ClosesUnreadWhatTheGateRefuses) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as other accounts";
  const TemporaryDirectory directory;
  InheritedListeners none;
  auto listener = UnixListener::Open(SocketAt("a", directory / "a"), none);
  ASSERT_TRUE(listener.ok()) << listener.status();
  Acceptor::Listeners listeners;
  listeners.push_back(*std::move(listener));
  PeerTable peers({.total = 4, .per_user = 4});
  auto acceptor = Acceptor::Start(
      std::move(listeners), {}, peers,
      [](int fd) {
        close(fd);
        ADD_FAILURE() << "handed over";
      },
      [](const Caller& caller) {
        EXPECT_EQ(caller.uid, 61001);
        EXPECT_EQ(caller.socket, "a");
        return absl::PermissionDeniedError("no");
      });
  ASSERT_TRUE(acceptor.ok()) << acceptor.status();
  ChildProcess client(ClientOf(directory / "a", 61001));
  EXPECT_EQ(client.Ask("open 2"), "opened 2");
  EXPECT_EQ(client.Ask("ended 2"), "ended 2");
  EXPECT_EQ((*acceptor)->refused(), 2u);
  EXPECT_EQ(peers.Count(), 0);
}

TEST(Acceptor, ServesSeveralListenersAndTellsThemApart) {
  const TemporaryDirectory directory;
  InheritedListeners none;
  Acceptor::Listeners listeners;
  for (const char* name : {"agents", "tools", "admin"}) {
    auto listener = UnixListener::Open(SocketAt(name, directory / name), none);
    ASSERT_TRUE(listener.ok()) << listener.status();
    listeners.push_back(*std::move(listener));
  }
  PeerTable peers({.total = 8, .per_user = 8});
  int pipe_ends[2];
  ASSERT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
  auto acceptor = Acceptor::Start(std::move(listeners), {}, peers, [&](int fd) {
    const std::string socket = peers.Find(fd)->socket + "\n";
    EXPECT_GT(write(pipe_ends[1], socket.data(), socket.size()), 0);
    close(fd);
  });
  ASSERT_TRUE(acceptor.ok()) << acceptor.status();
  for (const std::string name : {"tools", "admin", "agents", "tools"}) {
    ChildProcess client(ClientOf(directory / name, 61001));
    EXPECT_EQ(client.Ask("open 1"), "opened 1");
    std::string told(name.size() + 1, '\0');
    ASSERT_EQ(read(pipe_ends[0], told.data(), told.size()), static_cast<ssize_t>(told.size()));
    EXPECT_EQ(told, name + "\n");
  }
  acceptor->reset();
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace behalf
