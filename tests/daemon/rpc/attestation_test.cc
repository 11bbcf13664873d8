// Who is calling, through everything: real processes of several accounts, a
// real gRPC server, the acceptor and the table.
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "daemon/rpc/acceptor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/rpc/attested_server.h"
#include "tests/daemon/rpc/child_process.h"

namespace behalf {
namespace {

using testing::MatchesRegex;
using testing::StartsWith;

constexpr PeerTable::Caps kPlenty{.total = 512, .per_user = 512};

int DescriptorIn(const std::string& answer) {
  std::istringstream words(answer);
  std::string uid, gid, pid;
  int fd = -1;
  words >> uid >> gid >> pid >> fd;
  return fd;
}

ino_t InodeOf(int fd) {
  struct stat facts{};
  return fstat(fd, &facts) == 0 ? facts.st_ino : 0;
}

TEST(Attestation, EveryCallIsKnownByTheAccountThatConnected) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as other accounts";
  AttestedServer server(kPlenty);
  ChildProcess first(ClientOf(server.path(), 61001, 50));
  ChildProcess second(ClientOf(server.path(), 61002, 51));
  ChildProcess root(ClientOf(server.path(), 0, 0));
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(first.Ask("keep 5000"), StartsWith("61001 50 "));
    EXPECT_THAT(second.Ask("keep 5000"), StartsWith("61002 51 "));
    EXPECT_THAT(root.Ask("keep 5000"), StartsWith("0 0 "));
    EXPECT_THAT(first.Ask("again 5000"), StartsWith("61001 50 "));
  }
  EXPECT_EQ(server.peers().Count(), 15);
}

TEST(Attestation, TheTableHoldsTheGroupsAndTheSocketOfTheCaller) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as another account";
  AttestedServer server(kPlenty);
  ChildProcess client(ClientOf(server.path(), 61001, 50, "9,7,50"));
  const auto caller = server.peers().Find(DescriptorIn(client.Ask("keep 5000")));
  ASSERT_NE(caller, nullptr);
  EXPECT_EQ(caller->socket, "agents");
  EXPECT_THAT(caller->groups, testing::ElementsAre(7, 9, 50));
}

TEST(Attestation, AProcessWithoutAnAccountIsNotServed) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as another account";
  AttestedServer server(kPlenty);
  ChildProcess nobody(ClientOf(server.path(), 65534));
  EXPECT_EQ(nobody.Ask("open 3"), "opened 3");
  EXPECT_EQ(nobody.Ask("ended 3"), "ended 3");
  EXPECT_EQ(server.acceptor().refused(), 3u);
  EXPECT_EQ(server.peers().Count(), 0);
}

TEST(Attestation, ManyShortConnectionsOfManyAccountsAreNeverMixedUp) {
  AttestedServer server(kPlenty);
  std::vector<std::unique_ptr<ChildProcess>> clients;
  for (uid_t uid = 61001; uid <= 61004; ++uid) {
    clients.push_back(std::make_unique<ChildProcess>(ClientOf(server.path(), uid)));
  }
  for (const auto& client : clients) client->Tell("churn 600");
  for (const auto& client : clients) EXPECT_EQ(client->Read(), "right 600 wrong 0 failed 0");
  EXPECT_EQ(server.service().wrong(), 0);
}

// What PeerTable relies on: while a call can still ask who made it, its
// descriptor's number does not become another connection's.
TEST(Attestation, ADescriptorIsNotReusedWhileACallOfItsDeadConnectionLives) {
  AttestedServer server(kPlenty);
  int fd = -1;
  {
    ChildProcess doomed(ClientOf(server.path(), 61001));
    ASSERT_THAT(doomed.Ask("hold"), MatchesRegex("held as [0-9]+"));
    doomed.Kill();
    fd = server.service().AwaitAbandoned();
  }
  const ino_t inode = InodeOf(fd);
  const auto caller = server.peers().Find(fd);
  ASSERT_NE(caller, nullptr);
  ChildProcess other(ClientOf(server.path(), 61002));
  for (int i = 0; i < 50; ++i) {
    const int theirs = DescriptorIn(other.Ask("keep 5000"));
    EXPECT_NE(theirs, -1);
    EXPECT_NE(theirs, fd);
  }
  EXPECT_EQ(InodeOf(fd), inode);
  EXPECT_EQ(server.peers().Find(fd), caller);

  server.service().Release();
  bool reused = false;
  for (int i = 0; i < 200 && !reused; ++i) {
    reused = DescriptorIn(other.Ask("keep 5000")) == fd;
  }
  EXPECT_TRUE(reused) << "nothing would have shown a reuse";
}

TEST(Attestation, NoiseFromOneUserDisturbsNobodyElse) {
  AttestedServer server(kPlenty);
  ChildProcess noisy(ClientOf(server.path(), 61001));
  ChildProcess polite(ClientOf(server.path(), 61002));
  EXPECT_THAT(polite.Ask("keep 5000"), Not(StartsWith("error")));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(noisy.Ask("open 20"), "opened 20");
    EXPECT_EQ(noisy.Ask("garbage"), "sent");
    EXPECT_EQ(noisy.Ask("ended 20"), "ended 20");
    EXPECT_EQ(noisy.Ask("close"), "closed");
    EXPECT_THAT(polite.Ask("again 5000"), Not(StartsWith("error")));
    EXPECT_THAT(polite.Ask("call 5000"), Not(StartsWith("error")));
  }
  EXPECT_THAT(noisy.Ask("call 5000"), Not(StartsWith("error")));
}

}  // namespace
}  // namespace behalf
