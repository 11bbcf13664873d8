// Where handles are kept between creation and redemption.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/base/task.h"

namespace behalf {

enum class HandleState : std::uint8_t {
  kOpen,      // to be redeemed
  kReserved,  // a redemption is under way
  kSpent,     // redeemed; kept for a while to answer the same request again
};

// One handle, sealed by its holder's key: a stolen store yields nothing.
// Not an aggregate on purpose: as a temporary inside co_await g++ 12 would
// destroy one twice.
struct HandleRow {
  HandleRow() = default;

  std::string sealed;  // what the handle stands for
  HandleState state = HandleState::kOpen;
  std::string request_digest;  // of the redemption that reserved or spent it
  std::string sealed_answer;   // kSpent: what the same redemption gets again
  absl::Time expires_at;
  absl::Time changed_at;      // by the writer's clock
  std::uint64_t version = 0;  // set by the store
};

// How long a row is found after `expires_at`, so that the repetition of a
// redemption is still answered.
inline constexpr absl::Duration kHandleRowGrace = absl::Seconds(30);

// What every store says in these cases.
absl::Status TooManyHandles();     // kOverloaded
absl::Status TwoHandlesOfOneId();  // kInternal: random ids do not do that

// Implementations are thread-safe. Tasks may end on another thread when the
// store is remote; a store that cannot be reached fails them with kInternal.
// A row is gone kHandleRowGrace after its `expires_at`. Ids are opaque bytes,
// derived from the handle, and never the handle itself.
class HandleStore {
 public:
  virtual ~HandleStore() = default;

  // kOverloaded when the store is full; kInternal when the id is taken, which
  // random ids do not do.
  virtual Task<absl::Status> Insert(std::string id, HandleRow row) = 0;

  // kHandleUnknown when absent.
  virtual Task<absl::StatusOr<HandleRow>> Find(std::string id) = 0;

  // Compare-and-swap: true when the row still had this version and is `row`
  // now, under the next version; false when somebody was faster, and nothing
  // changed. kHandleUnknown when absent.
  virtual Task<absl::StatusOr<bool>> Replace(std::string id, std::uint64_t expected_version,
                                             HandleRow row) = 0;

  // Rows held, ended ones that were not dropped yet included.
  virtual int size() const = 0;

  // Ends what is under way; what is asked for later fails. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace behalf
