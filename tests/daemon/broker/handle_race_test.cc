#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

constexpr int kThreads = 64;
constexpr int kHandles = 10000;
// How many threads try one handle. Threads that follow where a handle was
// already tried this often go on to where the race is.
constexpr int kTriesOfEach = 4;

class HandleRace : public BrokerHouse {
 protected:
  struct Contested {
    std::string handle;
    std::atomic<int> tries = 0;
    std::atomic<int> redeemed = 0;
    std::atomic<int> refused = 0;
  };

  // Without the tear-down's list of tokens, which is not meant for threads.
  absl::StatusOr<IssuedToken> Try(const Contested& contested, const CallerPtr& caller) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(broker_.RedeemHandle(Redemption(contested.handle, caller), call));
  }

  void RunThread(int first) {
    const CallerPtr caller = MailSearch();
    for (int i = 0; i < kHandles; ++i) {
      Contested& contested = contested_[static_cast<std::size_t>((first + i) % kHandles)];
      if (contested.tries.fetch_add(1) >= kTriesOfEach) continue;
      const auto issued = Try(contested, caller);
      if (issued.ok()) {
        ++contested.redeemed;
      } else if (DetailOf(issued.status()).reason == Reason::kHandleSpent) {
        ++contested.refused;
      }
    }
  }

  std::vector<Contested> contested_{kHandles};
};

TEST_F(HandleRace, SixtyFourThreadsRedeemEachOfTenThousandHandlesOnce) {
  const TokenRequest pattern = ForMail();
  for (Contested& contested : contested_) {
    TokenRequest request = ForMail();
    request.subject_token = pattern.subject_token.Clone();
    contested.handle = Handle(std::move(request));
  }
  secrets_.clear();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([this] { RunThread(0); });
  for (std::thread& thread : threads) thread.join();
  for (const Contested& contested : contested_) {
    ASSERT_EQ(contested.redeemed, 1);
    ASSERT_EQ(contested.refused, kTriesOfEach - 1);
  }
}

}  // namespace
}  // namespace behalf
