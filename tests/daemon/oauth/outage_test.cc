// A provider that is away for half an hour, and what its users notice.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/daemon/oauth/outage_house.h"

namespace behalf {
namespace {

constexpr int kUsers = 15;
constexpr absl::Duration kApart = absl::Minutes(3);  // between the users' first requests
constexpr absl::Duration kOutage = absl::Minutes(30);
constexpr absl::Duration kStep = absl::Milliseconds(100);
constexpr int kStepsPerSecond = 10;

// A user who asks for the same thing each second, and what they must get.
struct User {
  ExchangeRequest request;
  std::string token = {};          // that they hold
  absl::Time reusable_until = {};  // by what was asked for and by the token itself
};

class OutageTest : public OutageHouse {
 protected:
  // Users whose tokens end one after the other, some of them in the outage.
  void GetTokens() {
    for (int i = 0; i < kUsers; ++i, clock_.Advance(kApart)) {
      User user{.request = MailRequest(SubjectOf(i))};
      user.request.max_lifetime = absl::Hours(2);
      user.request.reuse_for = i % 3 == 0 ? absl::Minutes(40) : absl::Hours(2);
      const auto got = Exchange(user.request);
      ASSERT_THAT(got, IsOk());
      Keep(user, *got);
      users.push_back(std::move(user));
    }
  }
  void Keep(User& user, const Exchanged& got) const {
    user.token = std::string(got.token->value.Reveal());
    user.reusable_until = std::min(got.token->obtained_at + user.request.reuse_for,
                                   got.token->expires_at - absl::Seconds(10));
  }

  // Served out of the cache as long as the token is good, and not a moment longer.
  void AskDuringOutage(User& user) {
    const bool valid = now() < user.reusable_until;
    const auto got = Exchange(user.request);
    if (valid) {
      ASSERT_THAT(got, IsOk());
      EXPECT_EQ(got->token->value.Reveal(), user.token);
      EXPECT_LT(now(), got->token->expires_at);
      ++served;
      return;
    }
    ASSERT_THAT(got, HasReason(Reason::kProviderUnavailable));
    EXPECT_LT(DetailOf(got.status()).retry_after.value_or(kOutage), absl::Seconds(2));
    ++refused;
  }

  // What was sent to the token endpoint since the last look, by its time.
  void NoteRequests() {
    const std::size_t all = Asked();
    for (; noted < all; ++noted) asked_at.push_back(now());
  }

  std::vector<User> users;
  std::vector<absl::Time> asked_at;
  std::size_t noted = 0;
  int served = 0;
  int refused = 0;
};

TEST_F(OutageTest, HalfAnHourOfIt) {
  GetTokens();
  clock_.Advance(absl::Minutes(5));
  noted = Asked();
  http_.Cut();
  const std::size_t key_fetches = http_.count(entra_.metadata_url());
  const absl::Time back_at = now() + kOutage;
  for (int step = 0; now() < back_at; ++step, clock_.Advance(kStep)) {
    if (step % kStepsPerSecond == 0) {
      for (User& user : users) AskDuringOutage(user);
      // A user who signed in just now is still known for who they are.
      EXPECT_THAT(ExchangeAnew(), HasReason(Reason::kProviderUnavailable));
    } else {
      Exchange(users.front().request).IgnoreError();
    }
    NoteRequests();
  }
  EXPECT_GT(served, 10'000);
  EXPECT_GT(refused, 1'000);

  ASSERT_GT(asked_at.size(), 1'000);
  for (std::size_t i = Circuit::kFailuresThatOpen; i < asked_at.size(); ++i) {
    ASSERT_GE(asked_at[i] - asked_at[i - 1], Circuit::kInterval) << "request " << i;
  }
  EXPECT_LE(http_.count(entra_.metadata_url()) - key_fetches, kOutage / SigningKeys::kCooldown + 1);

  http_.Mend();
  const absl::Time mended = now();
  while (!Exchange(users.front().request).ok()) {
    clock_.Advance(kStep);
    ASSERT_LT(now() - mended, absl::Seconds(2));
  }
  for (User& user : users) EXPECT_THAT(Exchange(user.request), IsOk());
  for (int i = 0; i < 100; ++i) EXPECT_THAT(ExchangeAnew(), IsOk());
}

}  // namespace
}  // namespace behalf
