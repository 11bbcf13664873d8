#include "daemon/oauth/circuit.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/oauth/jitter.h"

namespace behalf {

absl::Status Circuit::Enter(std::string_view asker) {
  const absl::Duration now = steady_.Elapsed();
  const absl::MutexLock lock(&mutex_);
  if (!open_since_) return absl::OkStatus();
  const absl::Duration left = DueFor(asker) - now;
  if (left > absl::ZeroDuration()) {
    return MakeError(ErrorDetail{.reason = Reason::kProviderUnavailable,
                                 .retry_after = absl::Ceil(AnyBetween(left, left + kSpread),
                                                           absl::Milliseconds(1))},
                     absl::StrCat("nothing was sent, as the last request failed: ", problem_));
  }
  Schedule(now, asker);
  return absl::OkStatus();
}

Circuit::Sent Circuit::Sending() const {
  const absl::MutexLock lock(&mutex_);
  return Sent(answers_);
}

std::optional<absl::Duration> Circuit::Answered() {
  const absl::Duration now = steady_.Elapsed();
  const absl::MutexLock lock(&mutex_);
  ++answers_;
  failures_ = 0;
  const auto since = std::exchange(open_since_, std::nullopt);
  if (!since) return std::nullopt;
  return now - *since;
}

bool Circuit::Failed(const Sent& sent, std::string problem) {
  const absl::Duration now = steady_.Elapsed();
  const absl::MutexLock lock(&mutex_);
  if (sent.answers_ != answers_) return false;
  problem_ = std::move(problem);
  if (open_since_ || ++failures_ < kFailuresThatOpen) return false;
  open_since_ = now;
  Schedule(now, /*prober=*/{});
  return true;
}

Circuit::State Circuit::Now() const {
  const absl::Duration now = steady_.Elapsed();
  const absl::MutexLock lock(&mutex_);
  if (!open_since_) return {};
  return {.open = true,
          .open_for = now - *open_since_,
          .next_probe_in = std::max(next_probe_ - now, absl::ZeroDuration()),
          .problem = problem_};
}

absl::Duration Circuit::DueFor(std::string_view asker) const {
  const bool again = !last_prober_.empty() && asker == last_prober_;
  return again ? next_probe_ + kYield : next_probe_;
}

void Circuit::Schedule(absl::Duration now, std::string_view prober) {
  next_probe_ = now + AnyBetween(kInterval, kInterval + kJitter);
  last_prober_ = prober;
}

}  // namespace behalf
