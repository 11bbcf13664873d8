#include "tests/idp/authorization_codes.h"

namespace behalf::idp {
namespace {

constexpr absl::Duration kLifetime = absl::Minutes(10);
// After its end, so that a late client learns what is wrong.
constexpr absl::Duration kRemembered = absl::Hours(24);

}  // namespace

void AuthorizationCodes::Add(const std::string& code, Authorization authorization, absl::Time now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_,
                [&](const auto& item) { return item.second.expires + kRemembered < now; });
  entries_[code] = {.authorization = std::move(authorization), .expires = now + kLifetime};
}

Outcome<Authorization> AuthorizationCodes::Redeem(std::string_view code, std::string_view tenant_id,
                                                  std::string_view client_id, absl::Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(code);
  if (found == entries_.end()) return Refusal{70000};
  Entry& entry = found->second;
  const Authorization& authorization = entry.authorization;
  if (authorization.tenant_id != tenant_id || authorization.client_id != client_id) {
    return Refusal{70000};
  }
  if (entry.redeemed) return Refusal{54005};
  entry.redeemed = true;
  if (now >= entry.expires) return Refusal{70008};
  return authorization;
}

}  // namespace behalf::idp
