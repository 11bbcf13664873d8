#include "daemon/audit/anchors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/descriptor.h"
#include "tests/daemon/audit/audit_file.h"
#include "tests/fakes/fake_clock.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::StartsWith;

TEST(AnchorsTest, AFileHoldsTheHeads) {
  const AuditFile file;
  const Anchor anchor = FileAnchor(file.path());
  EXPECT_THAT(anchor.keep("{1}"), IsOk());
  EXPECT_THAT(anchor.keep("{2}"), IsOk());
  EXPECT_THAT(file.Lines(), ElementsAre("{1}", "{2}"));
  EXPECT_EQ(std::filesystem::status(file.path()).permissions(), std::filesystem::perms(0600));
  EXPECT_FALSE(FileAnchor(file.directory()).keep("{}").ok());
}

TEST(AnchorsTest, SyslogGetsThemAsItsOwnMessages) {
  const AuditFile file;
  const std::string path = file.directory() + "/log";
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const Descriptor log(::socket(AF_UNIX, SOCK_DGRAM, 0));
  ASSERT_EQ(::bind(log.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_THAT(SyslogAnchor(path).keep("{head}"), IsOk());
  std::string message(200, '\0');
  message.resize(static_cast<std::size_t>(::recv(log.get(), message.data(), message.size(), 0)));
  EXPECT_THAT(message, StartsWith("<85>behalfd["));
  EXPECT_THAT(message, EndsWith("]: {head}"));
  EXPECT_FALSE(SyslogAnchor(file.directory() + "/none").keep("{}").ok());
}

// An anchor that a test holds: it keeps heads when it is let.
class HeldAnchor {
 public:
  Anchor AsAnchor(const std::string& place) {
    return {"test", place, [this](const std::string& head) { return Keep(head); }};
  }

  void Fail(bool fails) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    fails_ = fails;
  }
  void AwaitAttempts(int count) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]()
                            ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return attempts_ >= count; };
    mutex_.Await(absl::Condition(&enough));
  }
  void AwaitHead(const std::string& head) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    const auto is_kept = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !kept_.empty() && kept_.back() == head;
    };
    mutex_.Await(absl::Condition(&is_kept));
  }
  std::vector<std::string> kept() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return kept_;
  }
  int attempts() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return attempts_;
  }

 private:
  absl::Status Keep(const std::string& head) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    ++attempts_;
    if (fails_) return absl::UnavailableError("away");
    kept_.push_back(head);
    return absl::OkStatus();
  }

  mutable absl::Mutex mutex_;
  bool fails_ ABSL_GUARDED_BY(mutex_) = false;
  int attempts_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> kept_ ABSL_GUARDED_BY(mutex_);
};

constexpr AnchorLine::Patience kHardly = {.first = absl::Microseconds(10),
                                          .longest = absl::Microseconds(100)};
constexpr AnchorLine::Patience kForEver = {.first = absl::Hours(1), .longest = absl::Hours(1)};

class AnchorsThatFailTest : public testing::Test {
 protected:
  std::unique_ptr<Anchors> Open(std::vector<Anchor> anchors, AnchorLine::Patience patience) {
    return std::make_unique<Anchors>(
        std::move(anchors),
        [this](const Anchor& anchor, const absl::Status& status) {
          const absl::MutexLock lock(&mutex_);
          reports_.push_back(anchor.place + ": " + std::string(status.message()));
        },
        clock_, patience);
  }
  std::vector<std::string> reports() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return reports_;
  }

  FakeClock clock_;
  HeldAnchor broken_, good_;
  mutable absl::Mutex mutex_;
  std::vector<std::string> reports_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(AnchorsThatFailTest, TheHeadsOfAnOutageComeInTheirOrderAndItIsReportedOnce) {
  broken_.Fail(true);
  auto anchors = Open({broken_.AsAnchor("broken"), good_.AsAnchor("good")}, kHardly);
  for (const char* const head : {"1", "2", "3"}) anchors->Send(head);
  good_.AwaitHead("3");
  broken_.AwaitAttempts(20);
  EXPECT_THAT(broken_.kept(), IsEmpty());
  broken_.Fail(false);
  broken_.AwaitHead("3");
  anchors.reset();
  EXPECT_THAT(broken_.kept(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(good_.kept(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(reports(), ElementsAre("broken: away", "broken: "));
}

TEST_F(AnchorsThatFailTest, OfALongOutageTheNewestHeadsAreKept) {
  broken_.Fail(true);
  auto anchors = Open({broken_.AsAnchor("broken")}, kHardly);
  for (int i = 1; i <= 1000; ++i) anchors->Send(std::to_string(i));
  EXPECT_LE(anchors->States().front().waiting, 64);
  broken_.Fail(false);
  broken_.AwaitHead("1000");
  EXPECT_LE(broken_.kept().size(), 65);
}

TEST_F(AnchorsThatFailTest, NobodyWaitsForThePatienceAtTheEnd) {
  broken_.Fail(true);
  auto anchors = Open({broken_.AsAnchor("broken")}, kForEver);
  anchors->Send("1");
  broken_.AwaitAttempts(1);
  anchors->Send("2");
  anchors->Send("3");
  broken_.Fail(false);
  anchors.reset();
  EXPECT_THAT(broken_.kept(), ElementsAre("3")) << "the newest covers those before it";
}

TEST_F(AnchorsThatFailTest, WhatFailsAtTheEndIsTriedOnceMore) {
  broken_.Fail(true);
  auto anchors = Open({broken_.AsAnchor("broken")}, kForEver);
  anchors->Send("1");
  broken_.AwaitAttempts(1);
  anchors.reset();
  EXPECT_EQ(broken_.attempts(), 2);
}

TEST_F(AnchorsThatFailTest, TheStateSaysWhatIsKeptAndSinceWhenItFails) {
  const Ed25519PrivateKey key(SecretString(std::string(32, 'k')));
  std::string head = "{\"event\":\"head\"}\n";
  AddLink(head, {.chain = "0123456789abcdef", .seq = 7, .prev = kNoLine});
  AddSignature(head, key);
  head.pop_back();
  auto anchors = Open({broken_.AsAnchor("broken")}, kForEver);
  const absl::Time began = clock_.Now();
  anchors->Send(head);
  broken_.AwaitHead(head);
  const auto kept = [&] { return anchors->States().front().kept.has_value(); };
  while (!kept()) std::this_thread::yield();  // it is noted right after it is kept
  clock_.Advance(absl::Minutes(1));
  broken_.Fail(true);
  anchors->Send("2");
  broken_.AwaitAttempts(2);
  while (anchors->States().front().problem.ok()) std::this_thread::yield();
  clock_.Advance(absl::Minutes(1));
  const AnchorState state = anchors->States().front();
  EXPECT_EQ(state.kind, "test");
  EXPECT_EQ(state.place, "broken");
  EXPECT_EQ(state.kept->chain, "0123456789abcdef");
  EXPECT_EQ(state.kept->seq, 7U);
  EXPECT_EQ(state.kept_at, began);
  EXPECT_EQ(state.problem.message(), "away");
  EXPECT_EQ(state.failing_since, began + absl::Minutes(1));
}

}  // namespace
}  // namespace behalf
