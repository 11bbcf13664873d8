#include "daemon/store/etcd/etcd_state.h"

#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <memory>
#include <thread>

#include "absl/time/clock.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/fakes/etcd_member.h"
#include "tests/fakes/fake_steady_clock.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kPrefix[] = "/behalf/test/";

Revocation RevocationOf(std::string name) {
  Revocation revocation;
  revocation.kind = RevocationKind::kAgent;
  revocation.targets = {name, "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2", ""};
  revocation.said = std::move(name);
  revocation.reason = std::string("why: \0 \xff \"quoted\"", 17);
  revocation.by = "uid 0 on admin";
  revocation.at = absl::FromUnixMicros(1'750'000'000'123'456);
  return revocation;
}

// Keeps what it is told.
class Told final : public RevocationObserver {
 public:
  void Learn(Revocation revocation) override {
    const absl::MutexLock lock(&mutex_);
    const std::uint64_t revision = revocation.revision;
    all_[revision] = std::move(revocation);
  }
  void Forget(std::uint64_t revision) override {
    const absl::MutexLock lock(&mutex_);
    all_.erase(revision);
  }
  void StandOn(std::uint64_t revision) override {
    const absl::MutexLock lock(&mutex_);
    revision_ = revision;
  }

  // When all up to this revision was told: what is revoked then, as it was said.
  std::vector<std::string> UpTo(std::uint64_t revision) {
    const absl::MutexLock lock(&mutex_);
    const auto there = [&] {
      mutex_.AssertReaderHeld();
      return revision_ >= revision;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(20));
    std::vector<std::string> said;
    for (const auto& [at, one] : all_) said.push_back(one.said);
    return said;
  }

 private:
  absl::Mutex mutex_;
  std::uint64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, Revocation> all_ ABSL_GUARDED_BY(mutex_);
};

// One of a fleet.
class Replica {
 public:
  Replica(const std::string& address, std::string name, const SteadyClock& steady)
      : client_({.addresses = {address}, .patience = absl::Seconds(10)}, executor_),
        state_(client_, kPrefix, std::move(name), steady) {}
  ~Replica() { state_.Stop(); }

  EtcdState& operator*() { return state_; }
  EtcdState* operator->() { return &state_; }

 private:
  Executor executor_{2};
  EtcdClient client_;
  EtcdState state_;
};

class EtcdStateTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!EtcdMember::Installed()) GTEST_SKIP() << "there is no etcd on this machine";
  }
  std::unique_ptr<Replica> Joined(std::string name) {
    return std::make_unique<Replica>(etcd_.address(), std::move(name), steady_);
  }
  static void Etcdctl(const std::string& address, const std::string& words) {
    const std::string command =
        "ETCDCTL_API=3 etcdctl --endpoints=" + address + " " + words + " >/dev/null 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }
  // Another program moves: there is nothing to wait for but what it answers.
  template <typename Condition>
  static bool Eventually(Condition condition) {
    const absl::Time give_up = absl::Now() + absl::Seconds(20);
    while (!condition()) {
      if (absl::Now() > give_up) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }
  static bool Knows(Replica& replica) { return replica->Knows().ok(); }
  static std::string WhyNot(Replica& replica) {
    return DetailOf(replica->Knows()).metadata["problem"];
  }

  EtcdMember etcd_;
  FakeSteadyClock steady_;
};

TEST_F(EtcdStateTest, ANewFleetHasRevokedNothing) {
  const auto stored = (*Joined("one"))->Load();
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->revision, 0U);
  EXPECT_THAT(stored->all, IsEmpty());
}

TEST_F(EtcdStateTest, WhatOneReplicaPutAnotherLoads) {
  Revocation first = RevocationOf("invoice-bot"), second = RevocationOf("report-bot");
  second.until = absl::FromUnixSeconds(1'750'000'600);
  const auto one = Joined("one");
  EXPECT_THAT(RunToEnd((*one)->Put(first)), IsOkAndHolds(1U));
  EXPECT_THAT(RunToEnd((*one)->Put(second)), IsOkAndHolds(2U));
  EXPECT_THAT(RunToEnd((*one)->Put(RevocationOf("gone"))), IsOkAndHolds(3U));
  EXPECT_THAT(RunToEnd((*one)->Remove({3, 99})), IsOkAndHolds(4U));
  first.revision = 1;
  second.revision = 2;
  const auto stored = (*Joined("two"))->Load();
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->revision, 4U);
  EXPECT_THAT(stored->all, ElementsAre(first, second));
}

TEST_F(EtcdStateTest, ReplicasThatChangeAtOnceNeverShareARevision) {
  const auto one = Joined("one"), two = Joined("two");
  std::vector<std::thread> threads;
  for (Replica* replica : {one.get(), two.get()}) {
    threads.emplace_back([replica] {
      for (int i = 0; i < 20; ++i)
        EXPECT_THAT(RunToEnd((*replica)->Put(RevocationOf("a"))), IsOk());
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto stored = (*one)->Load();
  EXPECT_EQ(stored->revision, 40U);
  EXPECT_EQ(stored->all.size(), 40U);
}

TEST_F(EtcdStateTest, AReplicaKnowsNothingBeforeItAsked) {
  const auto one = Joined("one");
  ASSERT_THAT((*one)->Load(), IsOk());
  EXPECT_THAT((*one)->Knows(), HasReason(Reason::kStoreUnavailable));
}

TEST_F(EtcdStateTest, WhatOneChangesTheOtherIsTold) {
  const auto one = Joined("one"), two = Joined("two");
  Told told;
  ASSERT_THAT((*two)->Load(), IsOk());
  (*two)->Follow(told);
  ASSERT_THAT(RunToEnd((*one)->Put(RevocationOf("a"))), IsOk());
  ASSERT_THAT(RunToEnd((*one)->Put(RevocationOf("b"))), IsOk());
  EXPECT_THAT(told.UpTo(2), ElementsAre("a", "b"));
  ASSERT_THAT(RunToEnd((*one)->Remove({1})), IsOk());
  EXPECT_THAT(told.UpTo(3), ElementsAre("b"));
  EXPECT_TRUE(Eventually([&] { return Knows(*two); }));
}

TEST_F(EtcdStateTest, ACutOffReplicaKnowsForFourSecondsAndAgainWhenItIsHealed) {
  const auto one = Joined("one");
  Told told;
  ASSERT_THAT((*one)->Load(), IsOk());
  (*one)->Follow(told);
  ASSERT_TRUE(Eventually([&] { return Knows(*one); }));
  etcd_.Freeze();
  steady_.Advance(EtcdState::kKnown);
  EXPECT_FALSE(Knows(*one));
  EXPECT_THAT(WhyNot(*one), HasSubstr("this replica cannot know what the fleet has revoked"));
  etcd_.Thaw();
  EXPECT_TRUE(Eventually([&] { return Knows(*one); }));
}

TEST_F(EtcdStateTest, AfterARestartOfEtcdTheWatchGoesOnWhereItWas) {
  const auto one = Joined("one"), two = Joined("two");
  Told told;
  ASSERT_THAT((*two)->Load(), IsOk());
  (*two)->Follow(told);
  ASSERT_THAT(RunToEnd((*one)->Put(RevocationOf("before"))), IsOk());
  etcd_.Kill();
  etcd_.Start();
  ASSERT_TRUE(Eventually([&] { return RunToEnd((*one)->Put(RevocationOf("after"))).ok(); }));
  EXPECT_THAT(told.UpTo(2), ElementsAre("before", "after"));
  steady_.Advance(EtcdState::kKnown);
  EXPECT_TRUE(Eventually([&] { return Knows(*two); }));
}

TEST_F(EtcdStateTest, WhatEtcdNoLongerRemembersIsReadAnew) {
  const auto one = Joined("one");
  Told told;
  ASSERT_THAT((*one)->Load(), IsOk());
  {
    const auto two = Joined("two");
    for (const char* name : {"a", "b", "c"}) {
      ASSERT_THAT(RunToEnd((*two)->Put(RevocationOf(name))), IsOk());
    }
    ASSERT_THAT(RunToEnd((*two)->Remove({2})), IsOk());
  }
  Etcdctl(etcd_.address(), "compact 5");
  (*one)->Follow(told);  // from where it loaded, which is compacted away
  EXPECT_THAT(told.UpTo(4), ElementsAre("a", "c"));
  EXPECT_TRUE(Eventually([&] { return Knows(*one); }));
}

TEST_F(EtcdStateTest, AStateThatWentBackIsNeverBelievedAgain) {
  const auto one = Joined("one");
  Told told;
  ASSERT_THAT((*one)->Load(), IsOk());
  (*one)->Follow(told);
  ASSERT_THAT(RunToEnd((*one)->Put(RevocationOf("a"))), IsOk());
  ASSERT_THAT(told.UpTo(1), ElementsAre("a"));
  ASSERT_TRUE(Eventually([&] { return Knows(*one); }));
  etcd_.StartEmpty();
  EXPECT_TRUE(Eventually([&] { return !Knows(*one); }));
  EXPECT_THAT(WhyNot(*one), HasSubstr("went back from revision 1 to 0"));
  // Nor when its number is reached again by other changes.
  const auto two = Joined("two");
  ASSERT_TRUE(Eventually([&] { return RunToEnd((*two)->Put(RevocationOf("b"))).ok(); }));
  ASSERT_THAT(RunToEnd((*two)->Put(RevocationOf("c"))), IsOk());
  EXPECT_FALSE(Knows(*one));
  EXPECT_THAT(told.UpTo(1), testing::Contains("a"));
}

TEST_F(EtcdStateTest, WhatIsRevokedWhileItAsksIsNoWayBack) {
  const auto busy = Joined("busy");
  std::atomic<bool> over = false;
  std::thread revoking([&] {
    while (!over) static_cast<void>(RunToEnd((*busy)->Put(RevocationOf("a"))));
  });
  for (int i = 0; i < 50; ++i) {
    Told told;
    const auto one = Joined("one");
    if (!(*one)->Load().ok()) continue;
    (*one)->Follow(told);  // asks once
    EXPECT_THAT(WhyNot(*one), Not(HasSubstr("went back")));
  }
  over = true;
  revoking.join();
}

TEST_F(EtcdStateTest, AnOperatorWhoTakesTheLeaseAwayStopsTheReplicaUntilItHasAnother) {
  const auto one = Joined("one");
  Told told;
  ASSERT_THAT((*one)->Load(), IsOk());
  (*one)->Follow(told);
  ASSERT_TRUE(Eventually([&] { return Knows(*one); }));
  Etcdctl(etcd_.address(), "del /behalf/test/replicas/one");
  steady_.Advance(EtcdState::kKnown);
  EXPECT_TRUE(Eventually([&] { return Knows(*one); }));
}

TEST_F(EtcdStateTest, AStateOfANewerDaemonIsRefused) {
  Etcdctl(etcd_.address(), "put /behalf/test/state/head \"$(printf '\\010\\003\\020\\002')\"");
  EXPECT_THAT(DetailOf((*Joined("one"))->Load().status()).metadata["problem"],
              HasSubstr("is damaged, or of a newer behalfd"));
}

TEST_F(EtcdStateTest, ReplicasNameTokensByOneKey) {
  const auto one = Joined("one"), two = Joined("two");
  EXPECT_THAT((*one)->AgreeOnDigestKey("1a2b3c4d"), IsOk());
  EXPECT_THAT((*two)->AgreeOnDigestKey("1a2b3c4d"), IsOk());
  EXPECT_THAT(DetailOf((*two)->AgreeOnDigestKey("99999999")).metadata["problem"],
              HasSubstr("by the key 99999999, the fleet by 1a2b3c4d"));
}

}  // namespace
}  // namespace behalf
