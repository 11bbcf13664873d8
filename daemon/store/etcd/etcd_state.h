// What a fleet has revoked, and whether this replica knows it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/clock.h"
#include "daemon/store/etcd/etcd_client.h"
#include "daemon/store/etcd/etcd_rows.h"
#include "daemon/store/etcd/replica_lease.h"
#include "daemon/store/revocation.h"

namespace behalf {

// Thread-safe. One thread watches what others change, and one asks every
// second, as the holder of a lease, which revision the state stands at: an
// answer to a question of moment t, together with all up to that revision, is
// knowledge for kKnown from t on. Without it Knows() says why not.
class EtcdState final : public RevocationStore {
 public:
  static constexpr absl::Duration kKnown = absl::Seconds(4);
  static constexpr absl::Duration kBetweenQuestions = absl::Seconds(1);

  // `name` tells this replica from others. All outlive it.
  EtcdState(EtcdClient& client, const std::string& prefix, std::string name,
            const SteadyClock& steady);
  ~EtcdState() override { Stop(); }

  // Asks every member, for some seconds. Fails where the state is of a newer
  // format, or a row cannot be read.
  absl::StatusOr<StoredRevocations> Load() override;

  // Tokens and handles are named by a key that all replicas share: the first
  // replica's `id` of it counts. Fails for another. Blocks: for the start.
  absl::Status AgreeOnDigestKey(const std::string& id);

  void Follow(RevocationObserver& observer) override;
  absl::Status Knows() const override;

  // For operators.
  struct Standing {
    std::int64_t lease = 0;    // 0: none
    absl::Duration known_for;  // from now on, if no answer comes
  };
  Standing Stands() const;

  Task<absl::StatusOr<std::uint64_t>> Put(Revocation revocation) override;
  Task<absl::StatusOr<std::uint64_t>> Remove(std::vector<std::uint64_t> revisions) override;

  void Stop() override;

 private:
  // Adds what a change does besides moving the head to `revision`.
  using Fill = std::function<void(etcdserverpb::TxnRequest& request, std::uint64_t revision)>;
  // All of the state, as of one moment.
  struct Snapshot {
    StoredRevocations stored;
    std::int64_t etcd_revision = 0;
  };

  Task<absl::StatusOr<std::uint64_t>> Change(Fill fill);
  absl::StatusOr<Snapshot> Read() const;
  absl::StatusOr<Snapshot> ReadFromAny();

  void WatchAll();
  void WatchOnce();
  absl::Status Apply(const etcdserverpb::WatchResponse& response);
  absl::Status ApplyEvent(const etcdserverpb::Event& event);
  absl::Status Reload();
  void StandAt(std::uint64_t revision);

  void AskAll();
  absl::Status Ask(absl::Duration asked_at);
  std::uint64_t Applied() const;
  bool AwaitApplied(std::uint64_t revision, absl::Duration at_most);
  void BeginAnew();

  // False when it is to stop.
  bool Pause(absl::Duration wait);
  bool Forgot() const;
  void Say(const absl::Status& problem);

  EtcdClient& client_;
  const EtcdKeys keys_;
  const SteadyClock& steady_;
  ReplicaLease lease_;
  RevocationObserver* observer_ = nullptr;  // set before the threads begin

  // Of the watching thread, once it runs.
  std::set<std::uint64_t> known_;
  std::int64_t next_ = 0;  // etcd's revision that the watch goes on from

  std::atomic<std::int64_t> known_until_ns_{0};  // by `steady_`

  mutable absl::Mutex mutex_;
  std::uint64_t applied_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool begin_anew_ ABSL_GUARDED_BY(mutex_) = false;
  std::string problem_ ABSL_GUARDED_BY(mutex_) = "etcd was not asked yet";
  // For good: the state is not what it was, and only an operator can know why.
  bool forgot_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<EtcdClient::Watch> watch_ ABSL_GUARDED_BY(mutex_);

  std::thread watching_;
  std::thread asking_;
};

}  // namespace behalf
