// Tells when watched files have changed and are quiet again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/descriptor.h"
#include "daemon/process/watched_places.h"

namespace behalf {

// By inotify(7), on a thread of its own. Thread-safe. Where the kernel refuses
// (its limits are reached) the watch goes on with what it has and says so. Of
// what other hosts change on a network file system the kernel does not know.
class FileWatch {
 public:
  struct Pace {
    absl::Duration quiet = absl::Milliseconds(200);  // after the last event
    absl::Duration longest = absl::Seconds(2);       // after the first one
  };
  // On the watch's thread. Called soon after the start too, and after Watch
  // told of other files, for what changed before they were watched.
  using Changed = std::function<void()>;

  FileWatch(WatchedFiles watched, Changed changed, Pace pace);
  FileWatch(WatchedFiles watched, Changed changed)
      : FileWatch(std::move(watched), std::move(changed), Pace{}) {}

  ~FileWatch() { Stop(); }

  // Once. Nothing is called before.
  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  // Joins the thread; a call of `changed` ends first, and none follows.
  // Idempotent; not from `changed`.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // From now on watches these.
  void Watch(WatchedFiles watched) ABSL_LOCKS_EXCLUDED(mutex_);

  // Why changes may go unnoticed, for the operator; empty: they do not.
  std::string Problem() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();
  bool Wait(absl::Duration at_most);
  void Settle();
  bool ReadEvents();
  bool Counts(int watch, const std::string& name) const;
  bool TakeNews() ABSL_LOCKS_EXCLUDED(mutex_);
  bool Arm();
  void Say(std::string problem) ABSL_LOCKS_EXCLUDED(mutex_);

  const Changed changed_;
  const Pace pace_;
  const Descriptor inotify_;
  const Descriptor wake_;

  mutable absl::Mutex mutex_;
  WatchedFiles watched_ ABSL_GUARDED_BY(mutex_);
  bool news_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::string problem_ ABSL_GUARDED_BY(mutex_);

  // Of the thread alone.
  WatchedPlaces places_;
  std::map<int, std::string> directories_;  // by watch descriptor

  std::thread thread_;
};

}  // namespace behalf
