// Heads of the record to where who writes the record cannot take them back.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace behalf {

struct Anchor {
  std::string name;  // for the log
  // Keeps a head: a line without its newline. Within seconds.
  std::function<absl::Status(const std::string& head)> keep;
};

// Appends to a file (0600, made where there is none), and syncs it.
Anchor FileAnchor(const std::string& path);

// Sends to the socket of the local syslog, as authpriv.notice from behalfd.
Anchor SyslogAnchor(const std::string& socket);

// A thread that gives each head to each anchor. Nobody waits for it: an anchor
// that fails is reported, and misses heads, which later ones cover. Of heads
// that wait for slow anchors the newest are kept. Thread-safe.
class Anchors {
 public:
  // `report`: when an anchor has begun to fail, and when it has kept a head
  // again; called on the thread.
  using Report = std::function<void(const Anchor&, const absl::Status&)>;

  Anchors(std::vector<Anchor> anchors, Report report);
  // Gives away the heads that wait.
  ~Anchors();
  Anchors(const Anchors&) = delete;
  Anchors& operator=(const Anchors&) = delete;

  void Send(std::string head) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr std::size_t kMostWaiting = 64;

  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void Keep(const std::string& head);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !heads_.empty() || stopped_; }

  const std::vector<Anchor> anchors_;
  const Report report_;
  std::vector<bool> failing_;  // of the thread
  absl::Mutex mutex_;
  std::deque<std::string> heads_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace behalf
