#include "tests/idp/directory_check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/idp/conditional_access.h"

namespace behalf::idp {
namespace {

void CheckExposed(const std::vector<std::string>& wanted, const std::vector<std::string>& exposed,
                  const std::string& uri, Fields& fields) {
  for (const std::string& permission : wanted) {
    if (std::find(exposed.begin(), exposed.end(), permission) != exposed.end()) continue;
    fields.Reject(
        "id", absl::StrCat("has a consent for ", permission, ", which ", uri, " does not expose"));
  }
}

void CheckConsents(const std::vector<Consent>& consents, const Tenant& tenant, Fields& fields) {
  for (const Consent& consent : consents) {
    const Resource* resource = tenant.FindResource(consent.resource);
    if (resource == nullptr || resource->uri != consent.resource) {
      fields.Reject("id",
                    absl::StrCat("has a consent for the unknown resource ", consent.resource));
      continue;
    }
    CheckExposed(consent.scopes, resource->scopes, resource->uri, fields);
    CheckExposed(consent.roles, resource->roles, resource->uri, fields);
  }
}

}  // namespace

void CheckTenant(const Tenant& tenant, Fields& fields) {
  for (const App& app : tenant.apps) CheckConsents(app.consents, tenant, fields);
  for (const Blueprint& blueprint : tenant.blueprints) {
    CheckConsents(blueprint.consents, tenant, fields);
    for (const Agent& agent : blueprint.agents) CheckConsents(agent.consents, tenant, fields);
  }
  for (const Policy& policy : tenant.conditional_access) {
    const std::string mistake = MistakeIn(policy, tenant);
    if (mistake.empty()) continue;
    fields.Reject("conditionalAccess", absl::StrCat("has the policy ", policy.id, ": ", mistake));
  }
  for (const User& user : tenant.users) {
    if (user.agent.empty() || tenant.ParentOf(user.agent) != nullptr) continue;
    fields.Reject("id", absl::StrCat("has the user of an unknown agent, ", user.agent));
  }
}

}  // namespace behalf::idp
