#include "daemon/oauth/refusals.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "daemon/base/error.h"
#include "daemon/oauth/jitter.h"

namespace behalf {
namespace {

constexpr std::size_t kBytesPerRefusal = 1024;

// How much later than needed some are told to come.
constexpr double kSpread = 1.25;

// A proof or an assertion whose time is over is made anew for the next request.
bool IsOutOfItsTime(const ErrorDetail& detail) {
  const auto code = detail.metadata.find("provider_code");
  return code != detail.metadata.end() && code->second == "AADSTS700024";
}

bool Lasts(const ErrorDetail& detail) {
  if (IsOutOfItsTime(detail)) return false;
  switch (detail.reason) {
    case Reason::kInteractionRequired:
    case Reason::kConsentRequired:
    case Reason::kAccessBlocked:
    case Reason::kSubjectRefused:
    case Reason::kCredentialRefused:
    case Reason::kProviderMisconfigured:
    case Reason::kProviderRejected:
    case Reason::kProviderThrottled:
      return true;
    default:
      return false;
  }
}

absl::Duration TimeOf(const ErrorDetail& detail) {
  if (detail.reason != Reason::kProviderThrottled) return Refusals::kKeptFor;
  return detail.retry_after.value_or(Refusals::kKeptFor);
}

}  // namespace

std::optional<absl::Status> Refusals::Recall(std::string_view key, absl::Time now) {
  const auto kept = kept_.Get({key.data(), key.size()});
  if (!kept || now >= kept->until) return std::nullopt;
  ErrorDetail detail = DetailOf(kept->refusal);
  if (detail.retry_after) {
    const absl::Duration left = kept->until - now;
    detail.retry_after = AnyBetween(left, left * kSpread);
  }
  const absl::string_view message = kept->refusal.message();
  return MakeError(std::move(detail), {message.data(), message.size()});
}

void Refusals::Keep(std::string key, const absl::Status& refusal, absl::Time now) {
  const ErrorDetail detail = DetailOf(refusal);
  if (!Lasts(detail)) return;
  auto kept = std::make_shared<Kept>();
  kept->refusal = refusal;
  kept->until = now + TimeOf(detail);
  const std::size_t bytes = kBytesPerRefusal + key.size();
  kept_.Put(std::move(key), std::move(kept), bytes);
}

}  // namespace behalf
