#include "daemon/audit/anchor_line.h"

#include <algorithm>
#include <utility>

namespace behalf {

AnchorLine::AnchorLine(Anchor anchor, Report report, const Clock& clock, Patience patience)
    : anchor_(std::move(anchor)), report_(std::move(report)), clock_(clock), patience_(patience) {
  state_.kind = anchor_.kind;
  state_.place = anchor_.place;
  thread_ = std::thread([this] { Run(); });
}

AnchorLine::~AnchorLine() {
  Stop();
  thread_.join();
}

void AnchorLine::Send(std::string head) {
  const absl::MutexLock lock(&mutex_);
  heads_.push_back(std::move(head));
  LeaveNewest(kMostWaiting);
}

void AnchorLine::Stop() {
  const absl::MutexLock lock(&mutex_);
  if (stopped_) return;
  stopped_ = true;
  LeaveNewest(state_.problem.ok() ? kLast : 1);
}

AnchorState AnchorLine::State() const {
  const absl::MutexLock lock(&mutex_);
  AnchorState state = state_;
  state.waiting = heads_.size();
  return state;
}

void AnchorLine::LeaveNewest(std::size_t most) {
  while (heads_.size() > most) heads_.pop_front();
}

void AnchorLine::Run() {
  absl::Duration wait = patience_.first;
  while (auto head = Take()) {
    const absl::Status kept = anchor_.keep(*head);
    Note(*head, kept);
    if (kept.ok()) {
      wait = patience_.first;
      continue;
    }
    if (!TryAgain(*std::move(head), wait)) return;
    wait = std::min(2 * wait, patience_.longest);
  }
}

std::optional<std::string> AnchorLine::Take() {
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &AnchorLine::HasWork));
  if (heads_.empty()) return std::nullopt;
  std::string head = std::move(heads_.front());
  heads_.pop_front();
  last_ = stopped_;
  return head;
}

bool AnchorLine::TryAgain(std::string head, absl::Duration wait) {
  const absl::MutexLock lock(&mutex_);
  if (last_) return false;
  heads_.push_front(std::move(head));
  LeaveNewest(stopped_ ? 1 : kMostWaiting);
  mutex_.AwaitWithTimeout(absl::Condition(&stopped_), wait);
  return true;
}

void AnchorLine::Note(const std::string& head, const absl::Status& kept) {
  const absl::Time now = clock_.Now();
  bool changed = false;
  {
    const absl::MutexLock lock(&mutex_);
    changed = kept.ok() != state_.problem.ok();
    state_.problem = kept;
    if (kept.ok()) {
      state_.kept = LinkOf(head);
      state_.kept_at = now;
      state_.failing_since.reset();
    } else if (changed) {
      state_.failing_since = now;
    }
  }
  if (changed) report_(anchor_, kept);
}

}  // namespace behalf
