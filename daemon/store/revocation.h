// What operators took back, and where that is kept.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/base/task.h"

namespace behalf {

enum class RevocationKind : std::uint8_t {
  kAll = 1,  // everything: nobody gets anything
  kBlueprint,
  kAgent,
  kTool,
  kUser,
  kHandle,  // by its digest
  kToken,   // a user's or an API's, by its digest
};

// One thing that is revoked. `targets` are the names that a request may bear:
// all mean the same thing (an agent's name and its id, say), and one is enough.
// None with kAll.
struct Revocation {
  // The state's, when this was made: it names the revocation, and grows with
  // each change.
  std::uint64_t revision = 0;
  RevocationKind kind = RevocationKind::kAll;
  std::vector<std::string> targets;
  std::string said;  // the thing as the operator called it
  std::string reason;
  std::string by;  // who, for people
  absl::Time at;
  absl::Time until = absl::InfiniteFuture();  // then it is over by itself

  bool operator==(const Revocation&) const = default;
};

struct StoredRevocations {
  std::uint64_t revision = 0;  // of the last change, a restoration included
  std::vector<Revocation> all;
};

// Hears of what others change, in the order of the changes. In force, or no
// longer, when a call returns; what it knows already it may hear again.
class RevocationObserver {
 public:
  virtual ~RevocationObserver() = default;
  virtual void Learn(Revocation revocation) = 0;
  virtual void Forget(std::uint64_t revision) = 0;
  // All up to this revision was heard.
  virtual void StandOn(std::uint64_t revision) = 0;
};

// Implementations are thread-safe. Fails with kStoreUnavailable.
class RevocationStore {
 public:
  virtual ~RevocationStore() = default;

  // Tells `observer` from now on, until Stop, what others change after Load.
  virtual void Follow(RevocationObserver& observer) = 0;

  // Whether all that anybody changed is known, but for the last seconds; if
  // not, why: kStoreUnavailable. Costs next to nothing.
  virtual absl::Status Knows() const = 0;

  // Does what was asked for, and nothing after. Idempotent.
  virtual void Stop() = 0;

  // All that was ever put and not removed. Blocks: for the start.
  virtual absl::StatusOr<StoredRevocations> Load() = 0;

  // Durable when it ends well, under the next revision, which it returns.
  virtual Task<absl::StatusOr<std::uint64_t>> Put(Revocation revocation) = 0;

  // Takes the revocations with these revisions out; likewise.
  virtual Task<absl::StatusOr<std::uint64_t>> Remove(std::vector<std::uint64_t> revisions) = 0;
};

}  // namespace behalf
