// What survives the process: the record, the state and their keys.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/audit/anchors.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/base/clock.h"
#include "daemon/base/executor.h"
#include "daemon/base/secret_string.h"
#include "daemon/base/timer.h"
#include "daemon/crypto/ed25519.h"
#include "daemon/store/etcd/etcd_client.h"
#include "daemon/store/etcd/etcd_state.h"
#include "daemon/store/handle_store.h"
#include "daemon/store/revocation.h"
#include "daemon/wiring/outward.h"

namespace behalf {

// What everything else stands on: time, and the threads that wake it.
struct Ground {
  static constexpr int kResumeThreads = 2;

  const SystemClock clock;
  const BootClock steady;
  Executor executor{kResumeThreads};
  MonotonicTimer timer{executor};
};

struct Kept {
  std::shared_ptr<Outward> outward;  // null where nobody is told anything
  std::shared_ptr<Anchors> anchors;  // null where there is none; the record has them too
  std::optional<Ed25519PublicKey> head_key;
  std::unique_ptr<EtcdClient> etcd;  // null where there is no fleet
  SecretString digest_key;
  std::unique_ptr<AuditTrail> audit;
  std::unique_ptr<RevocationStore> state;
  const EtcdState* replica = nullptr;  // the state where there is a fleet
  StoredRevocations revocations;
  std::unique_ptr<HandleStore> handles;
};

// Opens all of it, or says to the operator what is wrong: also where the state
// is older than what the record says.
// `ground` outlives what it opens.
absl::StatusOr<Kept> OpenKept(const DaemonSpec& spec, Ground& ground);

}  // namespace behalf
