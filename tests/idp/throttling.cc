#include "tests/idp/throttling.h"

#include "absl/strings/str_cat.h"
#include "tests/idp/scopes.h"

namespace behalf::idp {

std::string RateKey(const Tenant& tenant, std::string_view client_id, std::string_view scope) {
  const std::string name = ResourceName(scope);
  const Resource* resource = tenant.FindResource(name);
  std::string key = absl::StrCat(tenant.id, " ", resource == nullptr ? name : resource->uri, " ");
  return key.append(client_id);
}

bool RequestRates::Admit(const std::string& key, const Throttle& limit, absl::Time now) {
  const std::lock_guard lock(mutex_);
  std::deque<absl::Time>& times = admitted_[key];
  while (!times.empty() && times.front() + absl::Seconds(limit.seconds) <= now) times.pop_front();
  if (times.size() >= static_cast<std::size_t>(limit.requests)) return false;
  times.push_back(now);
  return true;
}

}  // namespace behalf::idp
