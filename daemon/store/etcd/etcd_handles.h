// Handles of a fleet: redeemed once, whichever replica is asked.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/clock.h"
#include "daemon/store/etcd/etcd_client.h"
#include "daemon/store/etcd/etcd_rows.h"
#include "daemon/store/handle_store.h"

namespace behalf {

// Thread-safe. Every change is a transaction of etcd that compares the row's
// version. Rows go with a lease that many share, some minutes after their end;
// whether one has ended is told by this replica's clock. How many there are is
// counted about once a minute, so that `max_handles` holds roughly.
class EtcdHandles final : public HandleStore {
 public:
  EtcdHandles(EtcdClient& client, const std::string& prefix, int max_handles, const Clock& clock,
              const SteadyClock& steady)
      : client_(client), keys_(prefix), max_handles_(max_handles), clock_(clock), steady_(steady) {}

  Task<absl::Status> Insert(std::string id, HandleRow row) override;
  Task<absl::StatusOr<HandleRow>> Find(std::string id) override;
  Task<absl::StatusOr<bool>> Replace(std::string id, std::uint64_t expected_version,
                                     HandleRow row) override;
  int size() const override { return size_.load(std::memory_order_relaxed); }
  void Stop() override { client_.Stop(); }

 private:
  struct Lease {
    std::int64_t id = 0;
    absl::Duration granted_at = -absl::InfiniteDuration();
  };

  Task<absl::StatusOr<std::int64_t>> CurrentLease();
  Task<absl::Status> Count();

  EtcdClient& client_;
  const EtcdKeys keys_;
  const int max_handles_;
  const Clock& clock_;
  const SteadyClock& steady_;
  std::atomic<int> size_{0};
  absl::Mutex mutex_;
  Lease lease_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
