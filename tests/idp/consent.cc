#include "tests/idp/consent.h"

#include <algorithm>

namespace behalf::idp {

Outcome<std::vector<std::string>> Granted(const ScopeRequest& asked, const Client& client) {
  const std::vector<std::string> granted = ConsentedScopes(*asked.resource, client.consents);
  const bool covers = std::all_of(asked.names.begin(), asked.names.end(), [&](const auto& name) {
    return std::binary_search(granted.begin(), granted.end(), name);
  });
  if (granted.empty() || !covers) return Refusal{65001, {client.id, client.name}};
  return granted;
}

}  // namespace behalf::idp
