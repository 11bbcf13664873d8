#include "daemon/attest/peer_table.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/error.h"
#include "gtest/gtest.h"

namespace behalf {
namespace {

// Both ends of a connection.
class Connection {
 public:
  Connection() { socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_); }
  Connection(Connection&& other) noexcept : ends_{other.ends_[0], other.ends_[1]} {
    other.ends_[0] = other.ends_[1] = -1;
  }
  Connection& operator=(Connection&&) = delete;
  ~Connection() { Close(); }

  int fd() const { return ends_[0]; }
  void Close() {
    for (int& end : ends_) {
      if (end >= 0) close(end);
      end = -1;
    }
  }

 private:
  int ends_[2] = {-1, -1};
};

Caller User(uid_t uid) { return Caller{.socket = "s", .uid = uid, .gid = uid, .groups = {uid}}; }

Reason WhyNot(const absl::Status& status) { return DetailOf(status).reason; }

// A descriptor with exactly this number, which is free.
int Number(int wanted) {
  const int any = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (any == wanted) return any;
  dup3(any, wanted, O_CLOEXEC);
  close(any);
  return wanted;
}

TEST(PeerTable, FindsTheCallerThatWasAdmittedUnderTheNumber) {
  PeerTable table({.total = 8, .per_user = 8});
  const Connection a, b;
  ASSERT_TRUE(table.Admit(a.fd(), User(1)).ok());
  ASSERT_TRUE(table.Admit(b.fd(), User(2)).ok());
  EXPECT_EQ(table.Find(a.fd())->uid, 1u);
  EXPECT_EQ(table.Find(b.fd())->uid, 2u);
  EXPECT_EQ(table.Find(a.fd() + 1000), nullptr);
  EXPECT_EQ(table.Find(-1), nullptr);
}

TEST(PeerTable, RefusesADescriptorThatIsNotOpen) {
  PeerTable table({.total = 8, .per_user = 8});
  Connection gone;
  const int fd = gone.fd();
  gone.Close();
  EXPECT_EQ(WhyNot(table.Admit(fd, User(1))), Reason::kCallerUnknown);
  EXPECT_EQ(table.Find(fd), nullptr);
}

TEST(PeerTable, RefusesTheConnectionOverTheTotalUntilOneIsClosed) {
  PeerTable table({.total = 3, .per_user = 3});
  std::vector<Connection> open(4);
  for (uid_t i = 0; i < 3; ++i) ASSERT_TRUE(table.Admit(open[i].fd(), User(i)).ok());
  EXPECT_EQ(WhyNot(table.Admit(open[3].fd(), User(9))), Reason::kOverloaded);
  EXPECT_EQ(table.Find(open[3].fd()), nullptr);
  open[1].Close();
  EXPECT_TRUE(table.Admit(open[3].fd(), User(9)).ok());
  EXPECT_EQ(table.Count(), 3);
}

TEST(PeerTable, RefusesTheConnectionOverAUsersCapAndNobodyElses) {
  PeerTable table({.total = 100, .per_user = 2});
  std::vector<Connection> open(4);
  ASSERT_TRUE(table.Admit(open[0].fd(), User(1)).ok());
  ASSERT_TRUE(table.Admit(open[1].fd(), User(1)).ok());
  EXPECT_EQ(WhyNot(table.Admit(open[2].fd(), User(1))), Reason::kOverloaded);
  EXPECT_TRUE(table.Admit(open[2].fd(), User(2)).ok());
  open[0].Close();
  EXPECT_TRUE(table.Admit(open[3].fd(), User(1)).ok());
  const Connection another;
  EXPECT_EQ(WhyNot(table.Admit(another.fd(), User(1))), Reason::kOverloaded);
}

TEST(PeerTable, SweepingKeepsTheLiving) {
  PeerTable table({.total = 4, .per_user = 4});
  std::vector<Connection> open(6);
  for (uid_t i = 0; i < 4; ++i) ASSERT_TRUE(table.Admit(open[i].fd(), User(i)).ok());
  open[2].Close();
  ASSERT_TRUE(table.Admit(open[4].fd(), User(4)).ok());
  EXPECT_FALSE(table.Admit(open[5].fd(), User(5)).ok());
  for (const uid_t i : {0u, 1u, 3u, 4u}) EXPECT_EQ(table.Find(open[i].fd())->uid, i);
}

TEST(PeerTable, AReusedNumberBelongsToItsNewUserOnly) {
  PeerTable table({.total = 10, .per_user = 1});
  Connection first;
  const int number = first.fd();
  ASSERT_TRUE(table.Admit(number, User(1)).ok());
  first.Close();
  const Connection second;
  ASSERT_EQ(second.fd(), number) << "the kernel gives out the lowest free number";
  ASSERT_TRUE(table.Admit(number, User(2)).ok());
  EXPECT_EQ(table.Find(number)->uid, 2u);
  const Connection third, fourth;
  EXPECT_TRUE(table.Admit(third.fd(), User(1)).ok()) << "the old entry still counts for its user";
  EXPECT_FALSE(table.Admit(fourth.fd(), User(2)).ok()) << "the new entry does not count";
}

TEST(PeerTable, ANumberThatBecameAnotherFileIsNoConnection) {
  PeerTable table({.total = 1, .per_user = 1});
  Connection gone;
  const int number = gone.fd();
  ASSERT_TRUE(table.Admit(number, User(1)).ok());
  gone.Close();
  const int file = Number(number);
  EXPECT_EQ(table.Count(), 0);
  const Connection next;
  EXPECT_TRUE(table.Admit(next.fd(), User(1)).ok());
  close(file);
}

TEST(PeerTable, CountsOpenConnectionsOnly) {
  PeerTable table({.total = 10, .per_user = 10});
  EXPECT_EQ(table.Count(), 0);
  Connection a, b;
  ASSERT_TRUE(table.Admit(a.fd(), User(1)).ok());
  ASSERT_TRUE(table.Admit(b.fd(), User(1)).ok());
  EXPECT_EQ(table.Count(), 2);
  a.Close();
  EXPECT_EQ(table.Count(), 1);
}

TEST(PeerTable, NeverShowsAnotherCallerThanTheConnectionsWhileManyComeAndGo) {
  PeerTable table({.total = 16, .per_user = 16});
  std::atomic<int> serving = -1;
  std::atomic<int> wrong = 0;
  std::atomic<bool> done = false;
  const Connection steady;
  ASSERT_TRUE(table.Admit(steady.fd(), User(7)).ok());
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto caller = table.Find(steady.fd());
        if (caller == nullptr || caller->uid != 7) ++wrong;
        table.Find(serving);
        table.Count();
      }
    });
  }
  for (uid_t i = 0; i < 5000; ++i) {
    const Connection brief;
    EXPECT_TRUE(table.Admit(brief.fd(), User(100 + i % 20)).ok());
    EXPECT_EQ(table.Find(brief.fd())->uid, 100 + i % 20);
    serving = brief.fd();
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace behalf
