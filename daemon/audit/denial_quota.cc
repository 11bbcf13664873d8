#include "daemon/audit/denial_quota.h"

#include <algorithm>
#include <utility>

namespace behalf {
namespace {

constexpr absl::Duration kMinute = absl::Minutes(1);

absl::Time MinuteOf(absl::Time now) {
  return absl::UnixEpoch() + absl::Floor(now - absl::UnixEpoch(), kMinute);
}

}  // namespace

bool DenialQuota::Admit(std::optional<uid_t> uid, absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  TurnTo(now);
  return ++CountOf(uid) <= per_minute_;
}

std::vector<SuppressedDenials> DenialQuota::TakeDue(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  TurnTo(now);
  if (!std::exchange(turned_, false)) return {};
  return std::exchange(due_, {});
}

std::vector<SuppressedDenials> DenialQuota::TakeAll() {
  const absl::MutexLock lock(&mutex_);
  CloseMinute();
  turned_ = false;
  return std::exchange(due_, {});
}

void DenialQuota::Return(SuppressedDenials denials) {
  const absl::MutexLock lock(&mutex_);
  AddDue(denials);
}

// Concurrent callers bring times slightly out of order, hence a minute is left
// backwards only by a clock that was set.
void DenialQuota::TurnTo(absl::Time now) {
  const absl::Time minute = MinuteOf(now);
  if (minute == minute_ || minute == minute_ - kMinute) return;
  CloseMinute();
  minute_ = minute;
}

void DenialQuota::CloseMinute() {
  for (const auto& [uid, count] : counts_) {
    if (count > per_minute_) {
      AddDue({.uid = uid, .count = count - per_minute_, .since = minute_});
    }
  }
  if (count_of_others_ > per_minute_) {
    AddDue({.count = count_of_others_ - per_minute_, .since = minute_});
  }
  counts_.clear();
  count_of_others_ = 0;
  turned_ = true;
}

std::int64_t& DenialQuota::CountOf(std::optional<uid_t> uid) {
  if (!uid) return count_of_others_;
  const auto known = counts_.find(*uid);
  if (known != counts_.end()) return known->second;
  if (counts_.size() >= max_users_) return count_of_others_;
  return counts_[*uid];
}

// Adds up per user, so that a disk that stays full does not grow the list.
void DenialQuota::AddDue(SuppressedDenials denials) {
  auto same = std::ranges::find(due_, denials.uid, &SuppressedDenials::uid);
  if (same == due_.end() && due_.size() > max_users_) {
    denials.uid.reset();
    same = std::ranges::find(due_, denials.uid, &SuppressedDenials::uid);
  }
  if (same == due_.end()) {
    due_.push_back(denials);
    return;
  }
  same->count += denials.count;
  same->since = std::min(same->since, denials.since);
}

}  // namespace behalf
