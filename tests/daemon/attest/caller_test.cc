#include "daemon/attest/caller.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "daemon/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace behalf {
namespace {

using testing::ElementsAreArray;

struct Account {
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> supplementary;
};

// A listener that every account of this host can reach.
class OpenListener {
 public:
  OpenListener() {
    char directory[] = "/tmp/behalf-attest-XXXXXX";
    directory_ = mkdtemp(directory);
    chmod(directory_.c_str(), 0755);
    address_.sun_family = AF_UNIX;
    (directory_ + "/socket").copy(address_.sun_path, sizeof address_.sun_path - 1);
    fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(fd_, reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
    chmod(address_.sun_path, 0666);
    listen(fd_, 16);
  }
  ~OpenListener() {
    close(fd_);
    std::filesystem::remove_all(directory_);
  }

  int Accept() const { return accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC); }

  int Connect() const {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(fd, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) == 0 ? fd
                                                                                           : -1;
  }

  // A child process that becomes the account, connects, and ends.
  pid_t ConnectAs(const Account& account) const {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    const bool became =
        setgroups(account.supplementary.size(), account.supplementary.data()) == 0 &&
        setgid(account.gid) == 0 && setuid(account.uid) == 0;
    _exit(became && Connect() >= 0 ? 0 : 1);
  }

 private:
  std::string directory_;
  sockaddr_un address_{};
  int fd_;
};

void ExpectExit(pid_t pid) {
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0) << "the child could not change its account or connect";
}

std::vector<gid_t> Numbers(gid_t first, std::size_t count) {
  std::vector<gid_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

TEST(AttestUnix, TellsTheFactsOfThisVeryProcess) {
  const OpenListener listener;
  const int client = listener.Connect();
  const int server = listener.Accept();
  const auto caller = AttestUnix(server, "agents", OverflowIds{.uid = 4242, .gid = 4242});
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->socket, "agents");
  EXPECT_EQ(caller->uid, getuid());
  EXPECT_EQ(caller->gid, getgid());
  EXPECT_EQ(caller->pid, getpid());
  EXPECT_THAT(caller->groups, testing::Contains(getgid()));
  close(client);
  close(server);
}

TEST(AttestUnix, TellsEveryAccountExactlyAlsoAfterItsProcessEnded) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as other accounts";
  const OpenListener listener;
  const std::vector<std::pair<Account, std::vector<gid_t>>> cases = {
      {{0, 0, {}}, {0}},
      {{61001, 61001, {}}, {61001}},
      {{61002, 50, {7, 5, 50}}, {5, 7, 50}},
      {{61003, 4, {61001}}, {4, 61001}},
      {{61004, 1, Numbers(1, 32)}, Numbers(1, 32)},
      {{61005, 1, Numbers(1, 33)}, Numbers(1, 33)},
      {{61006, 2000, Numbers(1000, 500)},
       [] {
         auto groups = Numbers(1000, 500);
         groups.push_back(2000);
         return groups;
       }()},
  };
  for (int round = 0; round < 3; ++round) {
    for (const auto& [account, groups] : cases) {
      SCOPED_TRACE(account.uid);
      const pid_t pid = listener.ConnectAs(account);
      const int connection = listener.Accept();
      ExpectExit(pid);
      const auto caller = AttestUnix(connection, "agents");
      ASSERT_TRUE(caller.ok()) << caller.status();
      EXPECT_EQ(caller->uid, account.uid);
      EXPECT_EQ(caller->gid, account.gid);
      EXPECT_EQ(caller->pid, pid);
      EXPECT_THAT(caller->groups, ElementsAreArray(groups));
      close(connection);
    }
  }
}

TEST(AttestUnix, TakesTheOverflowUidForNobody) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as another account";
  const OpenListener listener;
  const pid_t pid = listener.ConnectAs({65534, 100, {}});
  const int connection = listener.Accept();
  ExpectExit(pid);
  EXPECT_EQ(DetailOf(AttestUnix(connection, "agents").status()).reason, Reason::kCallerUnknown);
  EXPECT_TRUE(AttestUnix(connection, "agents", OverflowIds{.uid = 1, .gid = 1}).ok());
  close(connection);
}

TEST(AttestUnix, LeavesTheOverflowGidOutOfTheGroups) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to connect as another account";
  const OpenListener listener;
  const pid_t pid = listener.ConnectAs({61001, 65534, {65534, 100}});
  const int connection = listener.Accept();
  ExpectExit(pid);
  const auto caller = AttestUnix(connection, "agents");
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->gid, 65534u);
  EXPECT_THAT(caller->groups, testing::ElementsAre(100));
  close(connection);
}

TEST(AttestUnix, KnowsNobodyBehindWhatIsNoConnectedUnixSocket) {
  const int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(closed);
  EXPECT_EQ(DetailOf(AttestUnix(closed, "s").status()).reason, Reason::kCallerUnknown);
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(DetailOf(AttestUnix(file, "s").status()).reason, Reason::kCallerUnknown);
  close(file);
  const int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(DetailOf(AttestUnix(tcp, "s").status()).reason, Reason::kCallerUnknown);
  close(tcp);
  const int unconnected = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(DetailOf(AttestUnix(unconnected, "s").status()).reason, Reason::kCallerUnknown);
  close(unconnected);
}

TEST(PeerOf, ShowsSelectorsTheSocketTheUidAndAllGroups) {
  const Caller caller{.socket = "tools", .uid = 7, .gid = 8, .pid = 9, .groups = {8, 10}};
  const UnixPeer peer = PeerOf(caller);
  EXPECT_EQ(peer.socket, "tools");
  EXPECT_EQ(peer.uid, 7u);
  EXPECT_THAT(peer.groups, testing::ElementsAre(8, 10));
}

TEST(ReadOverflowIds, ReadsWhatTheKernelSays) {
  if (access("/proc/sys/kernel/overflowuid", R_OK) != 0) GTEST_SKIP() << "needs /proc";
  const OverflowIds ids = ReadOverflowIds();
  EXPECT_GT(ids.uid, 0u);
  EXPECT_GT(ids.gid, 0u);
}

}  // namespace
}  // namespace behalf
