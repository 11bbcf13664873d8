// Many callers' changes, one commit: a disk is waited for once for all of them.
#pragma once

#include <coroutine>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/executor.h"
#include "daemon/store/sqlite.h"

namespace behalf {

// One thread takes all that waits, does it in one transaction and commits.
// Thread-safe. The database belongs to it from the first piece of work on.
class SqliteBatches {
 public:
  // Keeps its result itself; OK when it did what it was to do. What fails by
  // itself leaves the others of its batch in force.
  using Work = std::function<absl::Status()>;

  // Callers go on upon `resume`, which is stopped after this is.
  SqliteBatches(SqliteDatabase& database, Executor& resume);
  ~SqliteBatches() { Stop(); }

  SqliteBatches(const SqliteBatches&) = delete;
  SqliteBatches& operator=(const SqliteBatches&) = delete;

  class Turn;
  // co_await batches.Do(work): the status of the work, once it is on disk, or
  // kStoreUnavailable when it may or may not be.
  Turn Do(Work work);

  // Does what was asked for; what is asked for later fails. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();
  void Commit(const std::vector<Turn*>& batch);
  absl::Status DoAll(const std::vector<Turn*>& batch);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty();
  }

  SqliteDatabase& database_;
  Executor& resume_;
  absl::Mutex mutex_;
  std::vector<Turn*> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Lives in the frame of who waits.
class SqliteBatches::Turn {
 public:
  Turn(SqliteBatches& batches, Work work) : batches_(batches), work_(std::move(work)) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle);
  absl::Status await_resume() { return std::move(outcome_); }

 private:
  friend class SqliteBatches;

  SqliteBatches& batches_;
  Work work_;
  std::coroutine_handle<> handle_;
  absl::Status outcome_;
};

}  // namespace behalf
