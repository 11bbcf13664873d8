// What is revoked now, and the fence that no answer crosses.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/audit/audit_record.h"
#include "daemon/broker/handouts.h"
#include "daemon/store/revocation.h"

namespace behalf {

// What of a request can be revoked. Empty parts are not known, or not there.
struct Involved {
  const Agent* agent = nullptr;
  std::string_view tool = {};
  std::string_view tenant = {};
  std::string_view object_id = {};
  std::string_view subject_digest = {};
  std::string_view handle_digest = {};
  std::string_view token_digest = {};
};

// As the record of a request has it so far.
Involved InvolvedIn(const AuditRecord& record, const Agent* agent);

// For operators: what was revoked, when, by whom and why.
std::string DescriptionOf(const Revocation& revocation);

// "agent", as in commands and records.
std::string_view NameOf(RevocationKind kind);

// One name of a revoked thing as it is compared; never empty.
std::string RevocationTarget(RevocationKind kind, std::string_view name);

// How a user is named: with the tenant, or by the object id alone, which then
// holds in every tenant.
std::string UserTarget(std::string_view tenant, std::string_view object_id);

using RevocationPtr = std::shared_ptr<const Revocation>;

// Thread-safe. Costs next to nothing while nothing is revoked.
class Revocations {
 public:
  // `store` says whether all there is to know is known; it outlives this.
  Revocations(std::vector<Revocation> from_store, const RevocationStore& store);

  // kStoreUnavailable: who cannot know what is revoked hands nothing out.
  absl::Status Knows() const { return store_.Knows(); }

  bool none() const { return count_.load(std::memory_order_seq_cst) == 0; }

  // One that holds for what is involved, at `now`; null: none.
  RevocationPtr Find(const Involved& involved, absl::Time now) const ABSL_LOCKS_EXCLUDED(mutex_);

  // The last look before an answer leaves. Holding the permit until it has
  // left makes Add() wait for it. kRevoked; kStoreUnavailable.
  absl::StatusOr<Handouts::Permit> HandOut(const Involved& involved, absl::Time now);

  // All that is in force or once was and was not taken out, by revision.
  std::vector<RevocationPtr> All() const ABSL_LOCKS_EXCLUDED(mutex_);

  // From the return on no decision and no look passes it, and nothing that
  // passed before has yet to leave. `provisional` names it until Settle.
  std::uint64_t Add(Revocation revocation) ABSL_LOCKS_EXCLUDED(mutex_);
  // The store has it now, under `durable.revision`: it holds from the return
  // on, even if somebody took the provisional one out meanwhile; not if
  // somebody took out the durable one.
  RevocationPtr Settle(std::uint64_t provisional, Revocation durable) ABSL_LOCKS_EXCLUDED(mutex_);
  void Remove(const std::vector<std::uint64_t>& revisions) ABSL_LOCKS_EXCLUDED(mutex_);

  // Another replica revoked it: as Add and Settle. Null: it was known.
  RevocationPtr Learn(Revocation durable) ABSL_LOCKS_EXCLUDED(mutex_);

  // Grows with each Add: what was begun under an earlier one may have been
  // begun before it was revoked.
  std::uint64_t epoch() const { return epoch_.load(std::memory_order_seq_cst); }

 private:
  bool Holds(const Revocation& revocation, absl::Time now) const { return now < revocation.until; }
  RevocationPtr Look(RevocationKind kind, std::string_view name, absl::Time now) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Index(const RevocationPtr& revocation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Unindex(const Revocation& revocation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // False when it was known already.
  bool Take(const RevocationPtr& revocation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOut(std::uint64_t revision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RevocationStore& store_;
  Handouts handouts_;
  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<std::size_t> count_{0};  // of by_revision_: most requests look no further
  mutable absl::Mutex mutex_;
  std::map<std::uint64_t, RevocationPtr> by_revision_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::vector<RevocationPtr>> by_target_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t next_provisional_ ABSL_GUARDED_BY(mutex_);
  // The newest of those that were taken out: another replica may take out what
  // is about to be settled here.
  std::set<std::uint64_t> taken_out_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
