// That this replica is there, for as long as it says so.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/store/etcd/etcd_client.h"
#include "daemon/store/etcd/etcd_rows.h"

namespace behalf {

// A short lease of etcd, and a key under it that bears the replica's name.
// Not thread-safe but for id(); blocks.
class ReplicaLease {
 public:
  static constexpr absl::Duration kLife = absl::Seconds(5);

  ReplicaLease(EtcdClient& client, EtcdKeys keys, std::string name)
      : client_(client), keys_(std::move(keys)), name_(std::move(name)) {}

  // Takes the lease if there is none, and else renews it. When it was lost
  // meanwhile it fails, and the next time takes a new one.
  absl::Status Hold();

  // The state's head, if the lease still holds at that moment; absent: 0.
  absl::StatusOr<std::uint64_t> Head();

  // 0: there is none. From any thread.
  std::int64_t id() const { return lease_; }

  // Lets go, as far as etcd can be reached.
  void Release();

 private:
  absl::Status Take();
  absl::Status Lost();

  EtcdClient& client_;
  const EtcdKeys keys_;
  const std::string name_;
  std::atomic<std::int64_t> lease_{0};  // 0: none
};

}  // namespace behalf
