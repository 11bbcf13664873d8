#include <atomic>
#include <deque>
#include <string>
#include <vector>

#include "daemon/oauth/exchangers.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

using Outcome = absl::StatusOr<Exchanged>;

// A provider that answers when the gate opens, with what the test put there.
class FakeExchanger final : public TokenExchanger {
 public:
  explicit FakeExchanger(const Clock& clock) : clock_(clock) {}

  Task<Outcome> Exchange(ExchangeRequest request, CallContext&) override {
    const int number = ++exchanges;
    if (hold) co_await held;
    if (!failure.ok()) co_return failure;
    auto token = std::make_shared<ApiToken>();
    token->value = SecretString("token-" + std::to_string(number));
    token->obtained_at = clock_.Now();
    token->expires_at = clock_.Now() + lifetime;
    token->scopes = request.scopes;
    co_return Exchanged{.token = std::move(token), .cached = false};
  }

  void Forget(const ExchangeRequest&) override {}

  std::atomic<int> exchanges = 0;
  bool hold = false;
  Gate held;
  absl::Status failure;
  absl::Duration lifetime = absl::Hours(1);

 private:
  const Clock& clock_;
};

class CachingExchangerTest : public OauthHouse {
 protected:
  static constexpr std::size_t kWaiters = 20000;

  Outcome Exchange(const ExchangeRequest& request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(cache_.Exchange(request, call));
  }
  std::string TokenOf(const ExchangeRequest& request) {
    const auto exchanged = Exchange(request);
    return exchanged.ok() ? std::string(exchanged->token->value.Reveal())
                          : exchanged.status().ToString();
  }

  ExchangeRequest request_ = MailRequest(Alice());
  FakeExchanger provider_{clock_};
  std::atomic<std::uint64_t> epoch_{0};
  CachingExchanger cache_{
      provider_, executor_, clock_, {.bytes = 64 << 20, .waiters = kWaiters}, [this] {
        return epoch_.load();
      }};
};

// Many identical requests at the same time.
class Storm {
 public:
  Storm(CachingExchanger& cache, const ExchangeRequest& request, int count) {
    for (int i = 0; i < count; ++i) {
      calls.emplace_back(absl::InfiniteFuture());
      running.emplace_back(cache.Exchange(request, calls.back()));
    }
  }

  std::deque<CallContext> calls;
  std::deque<Running<Outcome>> running;
};

TEST_F(CachingExchangerTest, ATokenIsHandedOutAgain) {
  const auto first = Exchange(request_);
  ASSERT_THAT(first, IsOk());
  EXPECT_FALSE(first->cached);
  const auto second = Exchange(request_);
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(second->cached);
  EXPECT_EQ(first->token, second->token);
  EXPECT_EQ(cache_.size(), 1);
}

TEST_F(CachingExchangerTest, WithoutReuseEveryRequestAsksTheProvider) {
  request_.reuse_for = absl::ZeroDuration();
  EXPECT_EQ(TokenOf(request_), "token-1");
  EXPECT_EQ(TokenOf(request_), "token-2");
  EXPECT_EQ(cache_.size(), 0);
}

TEST_F(CachingExchangerTest, WithoutReuseATokenKeptForOthersIsNotHandedOut) {
  EXPECT_EQ(TokenOf(request_), "token-1");
  ExchangeRequest fresh = request_;
  fresh.reuse_for = absl::ZeroDuration();
  EXPECT_EQ(TokenOf(fresh), "token-2");
}

TEST_F(CachingExchangerTest, ATokenIsReusedForAsLongAsTheAllowanceSays) {
  EXPECT_EQ(TokenOf(request_), "token-1");
  clock_.Advance(absl::Minutes(10) - absl::Nanoseconds(1));
  EXPECT_EQ(TokenOf(request_), "token-1");
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, AShorterReuseCountsAtOnce) {
  EXPECT_EQ(TokenOf(request_), "token-1");
  clock_.Advance(absl::Minutes(2));
  request_.reuse_for = absl::Minutes(1);
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, ATokenAboutToExpireIsNotReused) {
  provider_.lifetime = absl::Minutes(5);
  EXPECT_EQ(TokenOf(request_), "token-1");
  clock_.Advance(absl::Minutes(5) - absl::Seconds(11));
  EXPECT_EQ(TokenOf(request_), "token-1");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, OtherScopesAreAnotherToken) {
  EXPECT_EQ(TokenOf(request_), "token-1");
  request_.scopes = {"Mail.Read"};
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, AnotherUserGetsAnotherToken) {
  EXPECT_EQ(TokenOf(request_), "token-1");
  request_.subject = *Verify(FakeEntra::Signed(AliceV2(now()).Text("oid", kBobId)));
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, AStormOfIdenticalMissesMakesOneExchange) {
  provider_.hold = true;
  Storm storm(cache_, request_, 10000);
  EXPECT_EQ(cache_.under_way(), 1);
  provider_.held.Open();
  for (auto& running : storm.running) {
    const auto exchanged = running.Result();
    ASSERT_THAT(exchanged, IsOk());
    EXPECT_EQ(exchanged->token->value.Reveal(), "token-1");
  }
  EXPECT_EQ(provider_.exchanges, 1);
  EXPECT_EQ(cache_.under_way(), 0);
  EXPECT_EQ(TokenOf(request_), "token-1");
}

TEST_F(CachingExchangerTest, AFailureIsSharedAndNotKept) {
  provider_.hold = true;
  provider_.failure = MakeError(Reason::kProviderThrottled);
  {
    Storm storm(cache_, request_, 100);
    provider_.held.Open();
    for (auto& running : storm.running) {
      EXPECT_THAT(running.Result(), HasReason(Reason::kProviderThrottled));
    }
  }
  EXPECT_EQ(provider_.exchanges, 1);
  provider_.failure = absl::OkStatus();
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, WhoLeavesGetsCancelledAndTheTokenIsKept) {
  provider_.hold = true;
  {
    Storm storm(cache_, request_, 2);
    storm.calls[0].cancel.Cancel();
    EXPECT_THAT(storm.running[0].Result(), HasReason(Reason::kCancelled));
    provider_.held.Open();
    EXPECT_THAT(storm.running[1].Result(), IsOk());
  }
  EXPECT_EQ(TokenOf(request_), "token-1");
}

TEST_F(CachingExchangerTest, AnExchangeThatEverybodyLeftStillKeepsItsToken) {
  provider_.hold = true;
  {
    Storm storm(cache_, request_, 3);
    for (CallContext& call : storm.calls) call.cancel.Cancel();
    for (auto& running : storm.running) {
      EXPECT_THAT(running.Result(), HasReason(Reason::kCancelled));
    }
  }
  EXPECT_EQ(cache_.under_way(), 1);
  provider_.held.Open();
  EXPECT_EQ(cache_.under_way(), 0);
  EXPECT_EQ(TokenOf(request_), "token-1");
}

TEST_F(CachingExchangerTest, AReplyThatCrossedARevocationIsNotKept) {
  provider_.hold = true;
  {
    Storm storm(cache_, request_, 2);
    ++epoch_;
    provider_.held.Open();
    for (auto& running : storm.running) EXPECT_THAT(running.Result(), IsOk());
  }
  EXPECT_EQ(cache_.size(), 0);
  EXPECT_EQ(TokenOf(request_), "token-2");
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, WhatIsForgottenIsAskedForAgain) {
  EXPECT_EQ(TokenOf(request_), "token-1");
  cache_.Forget(request_);
  EXPECT_EQ(TokenOf(request_), "token-2");
}

TEST_F(CachingExchangerTest, WhoHasLeftBeforeStartsNothing) {
  CallContext gone(absl::InfiniteFuture());
  gone.cancel.Cancel();
  EXPECT_THAT(RunToEnd(cache_.Exchange(request_, gone)), HasReason(Reason::kCancelled));
  EXPECT_EQ(provider_.exchanges, 0);
}

TEST_F(CachingExchangerTest, BeyondTheBoundOfWaitersThereIsOverload) {
  CachingExchanger small(provider_, executor_, clock_, {.bytes = 1 << 20, .waiters = 3},
                         [] { return 0; });
  provider_.hold = true;
  Storm storm(small, request_, 4);
  const auto refused = storm.running[3].Result();
  EXPECT_THAT(refused, HasReason(Reason::kOverloaded));
  EXPECT_TRUE(DetailOf(refused.status()).retry_after.has_value());
  provider_.held.Open();
  for (int i = 0; i < 3; ++i) EXPECT_THAT(storm.running[i].Result(), IsOk());
}

TEST_F(CachingExchangerTest, TheCacheIsBoundedInBytes) {
  CachingExchanger tiny(provider_, executor_, clock_, {.bytes = 16 * 1024, .waiters = 3},
                        [] { return 0; });
  for (int i = 0; i < 200; ++i) {
    request_.max_lifetime = absl::Hours(2) + absl::Seconds(i);
    CallContext call(absl::InfiniteFuture());
    ASSERT_THAT(RunToEnd(tiny.Exchange(request_, call)), IsOk());
  }
  EXPECT_GT(tiny.size(), 0);
  EXPECT_LE(tiny.size(), 16 * 1024 / 512);
}

}  // namespace
}  // namespace behalf
