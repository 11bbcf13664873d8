// Handles: made, found, reserved, spent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/base/secret_string.h"
#include "daemon/base/task.h"
#include "daemon/broker/grant.h"
#include "daemon/store/handle_store.h"

namespace behalf {

// How long the repetition of a redemption gets the same answer.
inline constexpr absl::Duration kRepeatWindow = absl::Seconds(30);

// After that a reservation is another's to take over, by the same request_id:
// longer than an exchange may take.
inline constexpr absl::Duration kReservationLife = absl::Seconds(60);

// A handle that was found, with what it stands for. Moves with its request.
struct OpenedHandle {
  OpenedHandle() = default;

  std::string id;
  SecretString key;
  Grant grant;
  HandleRow row;
};

// What a redemption may do next.
struct Reservation {
  Reservation() = default;

  // Set when the same redemption was answered before: the same answer.
  std::optional<ApiToken> repeated;
};

// Thread-safe. A handle is 256 random bits in base64url; its row is found by
// HKDF(handle, "id") and sealed with AES-256-GCM under HKDF(handle, "key"), so
// that the store alone yields nothing. Rows move open -> reserved -> spent by
// compare-and-swap.
class HandleDesk {
 public:
  explicit HandleDesk(HandleStore& store) : store_(store) {}

  // A new handle for `grant`.
  Task<absl::StatusOr<SecretString>> Create(Grant grant, absl::Time expires_at, absl::Time now);

  // kHandleUnknown when there is none, whatever the text looks like.
  Task<absl::StatusOr<OpenedHandle>> Open(SecretString handle);

  // Takes the handle for one redemption, named by `request_id` of `tool` (an
  // empty id is like no other). kHandleSpent, kHandleExpired, kHandleInUse.
  Task<absl::StatusOr<Reservation>> Reserve(OpenedHandle& handle, std::string_view request_id,
                                            absl::Time now);

  // After Reserve without a repeated answer, exactly one of these. Spend keeps
  // the answer, if any, for kRepeatWindow.
  Task<absl::Status> Reopen(OpenedHandle& handle, absl::Time now);
  Task<absl::Status> Spend(OpenedHandle& handle, const ApiToken* answer, absl::Time now);

 private:
  Task<absl::StatusOr<bool>> Move(OpenedHandle& handle, HandleState to, absl::Time now);

  HandleStore& store_;
};

}  // namespace behalf
