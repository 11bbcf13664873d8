// Which tokens are still out there.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/audit/audit_record.h"
#include "daemon/store/revocation.h"

namespace behalf {

// A token that was handed out: a bearer at the API until it expires, whatever
// is revoked here.
struct OutstandingToken {
  std::string digest;
  std::string api;
  std::string agent;
  std::string agent_id;
  std::string blueprint;
  std::string client_id;
  std::string tool;  // empty: the agent itself got it
  std::string tenant;
  std::string object_id;
  std::string subject_digest;
  std::string handle_digest;
  absl::Time expires_at;
};

// As the record of a hand-out has it.
OutstandingToken OutstandingIn(const AuditRecord& record, const Agent& agent);

// Those that this process handed out since its start; the record has the rest.
// Bounded: of more than `most` at once the oldest are forgotten, and the list
// says so. Thread-safe.
class OutstandingTokens {
 public:
  explicit OutstandingTokens(std::size_t most) : most_(most) {}

  void Note(OutstandingToken token, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  struct List {
    std::vector<OutstandingToken> tokens;  // the soonest to expire first
    bool complete = true;
  };
  // Those that a revocation is about and that have not expired.
  List Of(const Revocation& revocation, absl::Time now) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const std::size_t most_;
  mutable absl::Mutex mutex_;
  // By digest and tool; the same token may be handed to several tools.
  absl::flat_hash_map<std::string, OutstandingToken> tokens_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> by_age_ ABSL_GUARDED_BY(mutex_);
  absl::Time forgotten_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace behalf
