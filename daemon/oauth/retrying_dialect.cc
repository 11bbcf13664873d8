#include "daemon/oauth/retrying_dialect.h"

#include <memory>

#include "daemon/base/error.h"
#include "daemon/oauth/jitter.h"

namespace behalf {
namespace {

constexpr int kTimes = 3;
constexpr absl::Duration kFirstWait = absl::Milliseconds(100);
constexpr int kGrowth = 4;

bool GoesBy(const absl::Status& failure) {
  return DetailOf(failure).reason == Reason::kProviderUnavailable;
}

}  // namespace

Task<absl::StatusOr<ProviderReply>> RetryingDialect::Ask(const ExchangeRequest& request,
                                                         absl::Duration timeout) {
  const std::shared_ptr<Circuit> circuit = circuits_.Of(request.provider().digest);
  const absl::Time end = clock_.Now() + timeout;
  absl::Duration wait = kFirstWait;
  for (int time = 1;; ++time, wait *= kGrowth) {
    const absl::Status entered = circuit->Enter(request.agent->id);
    if (!entered.ok()) co_return entered;
    auto reply = co_await inner_.Ask(request, end - clock_.Now());
    if (reply.ok() || !GoesBy(reply.status()) || time == kTimes) co_return reply;
    if (circuit->Now().open) co_return reply;
    const absl::Duration this_wait = AnyBetween(wait / 2, wait);
    if (clock_.Now() + this_wait >= end) co_return reply;
    if (!co_await timer_.Sleep(this_wait)) co_return reply;
  }
}

}  // namespace behalf
