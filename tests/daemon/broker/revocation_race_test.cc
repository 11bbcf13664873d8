// Revocations against everything that is under way at that moment.
// BEHALF_RACES says how many (4,000).
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "tests/daemon/broker/revocation_house.h"

namespace behalf {
namespace {

constexpr int kAskers = 3;

int Races() {
  const char* const races = std::getenv("BEHALF_RACES");
  return races == nullptr ? 4'000 : std::atoi(races);
}

// What all askers of a race do. To renew is to ask for a token whose reuse is
// over, and which is exchanged again.
enum class Sort { kHit, kExchange, kRenew, kCreate, kRedeem };
constexpr std::array kNames = {"hits", "exchanges", "renewals", "creations", "redemptions"};
constexpr int kSorts = kNames.size();
constexpr absl::Duration kReuse = absl::Minutes(10);  // of the documents

class RevocationRace : public RevocationHouse {
 protected:
  struct Course {
    Sort sort = Sort::kHit;
    std::string token;
    std::array<std::string, kAskers> handles;
  };

  // Time passes, so that handles end and memory does not.
  void Prepare(int number) {
    if (number % 100 == 0) {
      clock_.Advance(absl::Minutes(1));
      alice_ = FakeEntra::Signed(AliceV2(now()));
    }
    race_.sort = static_cast<Sort>(number % kSorts);
    race_.token = race_.sort == Sort::kExchange ? NewUser(number) : alice_;
    if (race_.sort == Sort::kHit) Warm();
    if (race_.sort == Sort::kRenew) {
      race_.token = alice_ = FakeEntra::Signed(AliceV2(now()));
      Warm();
      clock_.Advance(kReuse);
    }
    if (race_.sort == Sort::kRedeem) {
      for (std::string& handle : race_.handles) handle = Handle(ForMail());
    }
    if (UnderWay()) http_.Hold();
  }

  // Whether the provider has been asked, and has not answered, when it is revoked.
  bool UnderWay() const { return race_.sort == Sort::kExchange || race_.sort == Sort::kRenew; }

  // So that the token for alice is kept.
  void Warm() {
    TokenRequest request(InvoiceBot());
    request.subject_token = SecretString(std::string_view(alice_));
    request.api = "invoices";
    EXPECT_THAT(GetToken(std::move(request)), IsOk());
  }

  // Nothing is kept for one who never came before.
  std::string NewUser(int number) {
    return FakeEntra::Signed(
        AliceV2(now()).Text("oid", absl::StrFormat("00000000-0000-4000-8000-%012d", number)));
  }

  void AskOnce(const std::string& handle) {
    CallContext call(absl::InfiniteFuture());
    if (race_.sort == Sort::kRedeem) {
      return Judge(RunToEnd(broker_.RedeemHandle(Redemption(handle), call)));
    }
    TokenRequest request(InvoiceBot());
    request.subject_token = SecretString(std::string_view(race_.token));
    request.api = "invoices";
    if (race_.sort != Sort::kCreate)
      return Judge(RunToEnd(broker_.GetToken(std::move(request), call)));
    request.for_handle = true;
    request.api = "graph";
    request.tool = "mail-search";
    Judge(RunToEnd(broker_.CreateHandle(std::move(request), call)));
  }

  // The answer holds its permit while this looks.
  template <typename Answer>
  void Judge(const Answer& answer) {
    if (answer.ok() && acknowledged_) ++late_;
    auto& count = answer.ok() ? answered_ : refused_;
    ++count[static_cast<std::size_t>(race_.sort)];
    if (!answer.ok() && DetailOf(answer.status()).reason != Reason::kRevoked) ++astray_;
  }

  void RunAsker(std::size_t which) {
    for (int round = 1;; ++round) {
      begun_.wait(round - 1);
      if (over_) return;
      if (started_++ == 0) started_.notify_all();
      AskOnce(race_.handles.at(which));
      if (++ended_ == kAskers) ended_.notify_all();
    }
  }

  void Begin(int round) {
    started_ = ended_ = 0;
    begun_ = round;
    begun_.notify_all();
  }

  void AwaitEnd() {
    for (int ended = ended_; ended < kAskers; ended = ended_) ended_.wait(ended);
  }

  void Race(int number) {
    Prepare(number);
    Begin(number);
    started_.wait(0);
    const bool answered_late = UnderWay() && number % 3 == 0;
    if (UnderWay()) http_.AwaitHeld(1);
    if (!answered_late) http_.Release();
    // Sometimes sooner, sometimes later. Who yields on a busy machine waits long.
    for (int turn = (number * 7919) % 60 * 2000; turn > 0; --turn) static_cast<void>(over_.load());
    EXPECT_THAT(Revoke(RevocationKind::kAgent, "invoice-bot"), IsOk());
    acknowledged_ = true;
    http_.Release();
    AwaitEnd();
    acknowledged_ = false;
    EXPECT_THAT(Restore(RevocationKind::kAgent, "invoice-bot"), IsOk());
    CountCached();
    secrets_.clear();
    audit_.Forget();
    http_.Forget();
  }

  void CountCached() {
    for (const AuditRecord& record : audit_.records()) {
      if (record.cached) ++cached_[static_cast<std::size_t>(race_.sort)];
    }
  }

  std::string alice_ = FakeEntra::Signed(AliceV2(now()));
  Course race_;
  std::atomic<int> begun_ = 0, started_ = 0, ended_ = 0, late_ = 0, astray_ = 0;
  std::array<std::atomic<int>, kSorts> answered_{}, refused_{};
  std::array<int, kSorts> cached_{};
  std::atomic<bool> acknowledged_ = false, over_ = false;
};

TEST_F(RevocationRace, NothingIsAnsweredAfterTheAcknowledgement) {
  std::vector<std::thread> askers;
  for (std::size_t i = 0; i < kAskers; ++i) askers.emplace_back([this, i] { RunAsker(i); });
  const int races = Races();
  for (int number = 1; number <= races; ++number) Race(number);
  over_ = true;
  Begin(races + 1);
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(late_, 0);
  EXPECT_EQ(astray_, 0);
  for (std::size_t sort = 0; sort < kSorts; ++sort) {
    std::printf("%s: %d answered, %d refused, %d records of a cached token\n", kNames[sort],
                answered_[sort].load(), refused_[sort].load(), cached_[sort]);
    EXPECT_GT(answered_[sort] + refused_[sort], 0);
  }
  EXPECT_GT(std::accumulate(answered_.begin(), answered_.end(), 0), 0) << "no race was won";
  EXPECT_GT(std::accumulate(refused_.begin(), refused_.end(), 0), 0) << "no race was lost";
}

}  // namespace
}  // namespace behalf
