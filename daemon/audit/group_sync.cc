#include "daemon/audit/group_sync.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace behalf {
namespace {

int DataSync(int file) {
  while (::fdatasync(file) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

GroupSync::GroupSync(std::shared_ptr<const Descriptor> file, absl::Duration patience, Sync sync)
    : patience_(patience),
      sync_(sync ? std::move(sync) : DataSync),
      file_(std::move(file)),
      thread_([this] { Run(); }) {}

GroupSync::~GroupSync() {
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  thread_.join();
}

int GroupSync::Ready() const {
  const absl::MutexLock lock(&mutex_);
  if (error_ != 0) return error_;
  const bool late =
      since_ && std::chrono::steady_clock::now() - *since_ > absl::ToChronoNanoseconds(patience_);
  return late ? ETIMEDOUT : 0;
}

std::uint64_t GroupSync::Written() const {
  const absl::MutexLock lock(&mutex_);
  return failures_;
}

int GroupSync::Wait(std::uint64_t written) {
  const absl::MutexLock lock(&mutex_);
  if (error_ != 0) return error_;
  if (written != failures_) return EIO;
  if (!next_) next_ = std::make_shared<Batch>();
  const std::shared_ptr<Batch> mine = next_;
  if (!mutex_.AwaitWithTimeout(absl::Condition(&mine->settled), patience_)) return ETIMEDOUT;
  return mine->error;
}

int GroupSync::Use(std::shared_ptr<const Descriptor> file) {
  std::shared_ptr<const Descriptor> before;
  std::shared_ptr<Batch> waiting;
  {
    const absl::MutexLock lock(&mutex_);
    if (error_ == 0) before = file_;
    waiting = std::exchange(next_, nullptr);
  }
  const int old_error = before ? sync_(before->get()) : 0;
  const int error = old_error == 0 ? sync_(file->get()) : old_error;
  const absl::MutexLock lock(&mutex_);
  if (waiting) Settle(waiting, old_error);
  if (error == 0) {
    file_ = std::move(file);
    error_ = 0;
  } else {
    Fail(error);
  }
  return error;
}

void GroupSync::Fail(int error) {
  if (error_ == 0) ++failures_;
  error_ = error;
}

void GroupSync::Settle(const std::shared_ptr<Batch>& batch, int error) {
  batch->settled = true;
  batch->error = error;
  if (error != 0) Fail(error);
}

// Who waits when a call has failed fails with it: the next call would prove
// nothing.
void GroupSync::Run() {
  const absl::MutexLock lock(&mutex_);
  while (true) {
    mutex_.Await(absl::Condition(this, &GroupSync::HasWork));
    if (!next_) return;
    const std::shared_ptr<Batch> batch = std::exchange(next_, nullptr);
    const std::shared_ptr<const Descriptor> file = file_;
    since_ = std::chrono::steady_clock::now();
    mutex_.Unlock();
    const int error = sync_(file->get());
    mutex_.Lock();
    since_.reset();
    Settle(batch, error);
    if (error != 0 && next_) Settle(std::exchange(next_, nullptr), error);
  }
}

}  // namespace behalf
