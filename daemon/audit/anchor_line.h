// One place that keeps heads of the record, and the heads that wait for it.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/audit/chain_link.h"
#include "daemon/base/clock.h"

namespace behalf {

struct Anchor {
  std::string kind;   // as documents call it: "file", "syslog" or "http"
  std::string place;  // a path or a URL
  // Keeps a head: a line without its newline. Within seconds.
  std::function<absl::Status(const std::string& head)> keep;
};

struct AnchorState {
  std::string kind, place;
  std::size_t waiting = 0;                  // heads
  std::optional<ChainLink> kept;            // the head that was kept last
  absl::Time kept_at;                       // if there is one
  absl::Status problem;                     // of the last attempt; OK: none
  std::optional<absl::Time> failing_since;  // if it has one
};

// A thread that gives heads to one anchor, in their order. One that it does not
// keep is given again, after a wait that grows, until it is kept. Of heads that
// wait the newest remain: a head covers those before it. Thread-safe.
class AnchorLine {
 public:
  // When the anchor has begun to fail, and when it has kept a head again;
  // called on the thread.
  using Report = std::function<void(const Anchor&, const absl::Status&)>;
  // Between attempts: the first wait, and what it grows to, twofold each time.
  struct Patience {
    absl::Duration first = absl::Seconds(1);
    absl::Duration longest = absl::Minutes(1);
  };

  AnchorLine(Anchor anchor, Report report, const Clock& clock, Patience patience);
  // Waits for Stop's last attempts.
  ~AnchorLine();
  AnchorLine(const AnchorLine&) = delete;
  AnchorLine& operator=(const AnchorLine&) = delete;

  void Send(std::string head) ABSL_LOCKS_EXCLUDED(mutex_);

  // Tries what waits once more, from now on without patience: the few newest
  // heads, and where the anchor was failing the newest alone.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  AnchorState State() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr std::size_t kMostWaiting = 64;
  static constexpr std::size_t kLast = 4;  // of these at the end

  void Run();
  std::optional<std::string> Take() ABSL_LOCKS_EXCLUDED(mutex_);
  // False when there is no other attempt.
  bool TryAgain(std::string head, absl::Duration wait) ABSL_LOCKS_EXCLUDED(mutex_);
  void Note(const std::string& head, const absl::Status& kept) ABSL_LOCKS_EXCLUDED(mutex_);
  void LeaveNewest(std::size_t most) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !heads_.empty() || stopped_; }

  const Anchor anchor_;
  const Report report_;
  const Clock& clock_;
  const Patience patience_;
  mutable absl::Mutex mutex_;
  std::deque<std::string> heads_ ABSL_GUARDED_BY(mutex_);
  AnchorState state_ ABSL_GUARDED_BY(mutex_);  // but for what waits
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool last_ ABSL_GUARDED_BY(mutex_) = false;  // the attempt under way began after Stop
  std::thread thread_;
};

}  // namespace behalf
