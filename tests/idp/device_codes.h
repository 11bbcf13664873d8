// Device authorization (RFC 8628): clients that poll until a user has entered
// their code elsewhere.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "tests/idp/authorization.h"
#include "tests/idp/errors.h"

namespace behalf::idp {

inline constexpr absl::Duration kDeviceCodeLifetime = absl::Minutes(15);
inline constexpr absl::Duration kPollInterval = absl::Seconds(5);

struct DeviceRequest {
  Authorization authorization;  // of no user yet
  std::string claims = {};      // the challenge that the client repeats
};

// Thread-safe.
class DeviceCodes {
 public:
  void Add(const std::string& device_code, const std::string& user_code, DeviceRequest request,
           absl::Time now);

  // What a user may still answer; nothing for any other code.
  std::optional<DeviceRequest> Find(std::string_view user_code, std::string_view tenant_id,
                                    absl::Time now) const;
  // The answer: of nobody when the user said no. Only the first counts.
  void Answer(std::string_view user_code, std::optional<Authorization> authorization);

  // Not a code of this client in this tenant 70000, expired 70020, no answer
  // yet 70016, asked too often 70014, declined 70017, redeemed 54005. Clients
  // that ask too often have to wait five seconds more between two questions.
  Outcome<Authorization> Redeem(std::string_view device_code, std::string_view tenant_id,
                                std::string_view client_id, absl::Time now);

 private:
  enum class State { kPending, kAllowed, kDeclined, kRedeemed };
  struct Entry {
    std::string user_code;
    DeviceRequest request;
    absl::Time expires;
    State state = State::kPending;
    absl::Duration interval = kPollInterval;
    absl::Time last_poll = absl::InfinitePast();
  };

  static Outcome<Authorization> Poll(Entry& entry, absl::Time now);

  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;  // by device code
};

}  // namespace behalf::idp
