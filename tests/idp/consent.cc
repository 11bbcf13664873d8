#include "tests/idp/consent.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/guid.h"

namespace behalf::idp {
namespace {

std::string PolicyId(const Tenant& tenant) {
  return DerivedGuid(absl::StrCat("second factor policy of ", tenant.id));
}

}  // namespace

Outcome<std::vector<std::string>> Granted(const ScopeRequest& asked, const Client& client) {
  const std::vector<std::string> granted = ConsentedScopes(*asked.resource, client.consents);
  const bool covers = std::all_of(asked.names.begin(), asked.names.end(), [&](const auto& name) {
    return std::binary_search(granted.begin(), granted.end(), name);
  });
  if (granted.empty() || !covers) return Refusal{65001, {client.id, client.name}};
  return granted;
}

std::string SecondFactorChallenge(const Tenant& tenant) {
  const json::object policies{{"essential", true}, {"values", json::array{PolicyId(tenant)}}};
  return json::serialize(json::object{{"access_token", json::object{{"polids", policies}}}});
}

bool AnswersChallenge(const Tenant& tenant, std::string_view claims) {
  return claims.find(PolicyId(tenant)) != std::string_view::npos;
}

}  // namespace behalf::idp
