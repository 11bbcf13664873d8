#include "tests/idp/device_codes.h"

#include <algorithm>
#include <utility>

namespace behalf::idp {
namespace {

// After its end, so that a late client learns what is wrong.
constexpr absl::Duration kRemembered = absl::Hours(24);
// Questions on their way are not always equally fast.
constexpr absl::Duration kTolerance = absl::Seconds(1);

}  // namespace

void DeviceCodes::Add(const std::string& device_code, const std::string& user_code,
                      DeviceRequest request, absl::Time now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_,
                [&](const auto& item) { return item.second.expires + kRemembered < now; });
  entries_[device_code] = {
      .user_code = user_code, .request = std::move(request), .expires = now + kDeviceCodeLifetime};
}

std::optional<DeviceRequest> DeviceCodes::Find(std::string_view user_code,
                                               std::string_view tenant_id, absl::Time now) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [device_code, entry] : entries_) {
    if (entry.user_code != user_code || entry.request.authorization.tenant_id != tenant_id)
      continue;
    if (entry.state == State::kPending && now < entry.expires) return entry.request;
  }
  return std::nullopt;
}

void DeviceCodes::Answer(std::string_view user_code, std::optional<Authorization> authorization) {
  const std::lock_guard lock(mutex_);
  for (auto& [device_code, entry] : entries_) {
    if (entry.user_code != user_code || entry.state != State::kPending) continue;
    entry.state = authorization.has_value() ? State::kAllowed : State::kDeclined;
    if (authorization.has_value()) entry.request.authorization = *std::move(authorization);
    return;
  }
}

Outcome<Authorization> DeviceCodes::Poll(Entry& entry, absl::Time now) {
  const bool hasty = now - std::exchange(entry.last_poll, now) < entry.interval - kTolerance;
  if (!hasty) return Refusal{70016};
  entry.interval += kPollInterval;
  return Refusal{70014};
}

Outcome<Authorization> DeviceCodes::Redeem(std::string_view device_code, std::string_view tenant_id,
                                           std::string_view client_id, absl::Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(device_code);
  if (found == entries_.end()) return Refusal{70000};
  Entry& entry = found->second;
  const Authorization& authorization = entry.request.authorization;
  if (authorization.tenant_id != tenant_id || authorization.client_id != client_id) {
    return Refusal{70000};
  }
  if (entry.state == State::kRedeemed) return Refusal{54005};
  if (now >= entry.expires) return Refusal{70020};
  if (entry.state == State::kDeclined) return Refusal{70017};
  if (entry.state == State::kPending) return Poll(entry, now);
  entry.state = State::kRedeemed;
  return authorization;
}

}  // namespace behalf::idp
