#include "daemon/store/sqlite_batches.h"

#include "daemon/base/error.h"

namespace behalf {

SqliteBatches::SqliteBatches(SqliteDatabase& database, Executor& resume)
    : database_(database), resume_(resume), thread_([this] { Run(); }) {}

SqliteBatches::Turn SqliteBatches::Do(Work work) { return {*this, std::move(work)}; }

bool SqliteBatches::Turn::await_suspend(std::coroutine_handle<> handle) {
  handle_ = handle;
  const absl::MutexLock lock(&batches_.mutex_);
  if (batches_.stopping_) {
    outcome_ = MakeError(Reason::kStoreUnavailable, "the store is stopped");
    return false;
  }
  batches_.waiting_.push_back(this);
  return true;
}

void SqliteBatches::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void SqliteBatches::Run() {
  while (true) {
    std::vector<Turn*> batch;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &SqliteBatches::HasWork));
      if (waiting_.empty()) return;
      batch.swap(waiting_);
    }
    Commit(batch);
    for (const Turn* turn : batch) resume_.Post(turn->handle_);
  }
}

void SqliteBatches::Commit(const std::vector<Turn*>& batch) {
  absl::Status done = DoAll(batch);
  if (done.ok()) done = database_.Run("COMMIT");
  if (done.ok()) return;
  if (database_.InTransaction()) database_.Run("ROLLBACK").IgnoreError();
  for (Turn* turn : batch) turn->outcome_ = done;
}

// Some failures (a full disk) end the transaction: what came after would be
// outside of it.
absl::Status SqliteBatches::DoAll(const std::vector<Turn*>& batch) {
  absl::Status begun = database_.Run("BEGIN IMMEDIATE");
  if (!begun.ok()) return begun;
  for (Turn* turn : batch) {
    turn->outcome_ = turn->work_();
    if (!database_.InTransaction()) return turn->outcome_;
  }
  return absl::OkStatus();
}

}  // namespace behalf
