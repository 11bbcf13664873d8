#include "tests/idp/directory.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"

namespace behalf::idp {
namespace {

bool SameText(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

template <typename T, typename Matches>
const T* FindIn(const std::vector<T>& items, Matches matches) {
  const auto found = std::find_if(items.begin(), items.end(), matches);
  return found == items.end() ? nullptr : &*found;
}

std::vector<std::string> Collect(const Resource& resource, const ConsentLists& lists,
                                 std::vector<std::string> Consent::* permissions) {
  std::set<std::string> all;
  for (const std::vector<Consent>* list : lists) {
    for (const Consent& consent : *list) {
      if (consent.resource != resource.uri) continue;
      all.insert((consent.*permissions).begin(), (consent.*permissions).end());
    }
  }
  return {all.begin(), all.end()};
}

}  // namespace

const User* Tenant::FindUser(std::string_view id_or_upn) const {
  return FindIn(users, [&](const User& user) {
    return SameText(user.id, id_or_upn) || SameText(user.upn, id_or_upn);
  });
}

const App* Tenant::FindApp(std::string_view app_id) const {
  return FindIn(apps, [&](const App& app) { return app.id == app_id; });
}

const Blueprint* Tenant::FindBlueprint(std::string_view client_id) const {
  return FindIn(blueprints, [&](const Blueprint& blueprint) { return blueprint.id == client_id; });
}

const Resource* Tenant::FindResource(std::string_view uri_or_app_id) const {
  const auto matches = [&](const Resource& resource) {
    return resource.uri == uri_or_app_id || SameText(resource.app_id, uri_or_app_id);
  };
  if (const Resource* api = FindIn(apis, matches)) return api;
  const auto serves = [&](const auto& client) { return matches(client.resource); };
  if (const Blueprint* blueprint = FindIn(blueprints, serves)) return &blueprint->resource;
  const App* app = FindIn(apps, serves);
  return app == nullptr ? nullptr : &app->resource;
}

const Blueprint* Tenant::ParentOf(std::string_view agent_id) const {
  return FindIn(blueprints, [&](const Blueprint& blueprint) {
    return FindAgent(blueprint, agent_id) != nullptr;
  });
}

bool Tenant::HasClient(std::string_view client_id) const {
  return FindApp(client_id) != nullptr || FindBlueprint(client_id) != nullptr ||
         ParentOf(client_id) != nullptr;
}

const Agent* FindAgent(const Blueprint& blueprint, std::string_view id) {
  return FindIn(blueprint.agents, [&](const Agent& agent) { return agent.id == id; });
}

const Tenant* Directory::FindTenant(std::string_view id_or_domain) const {
  return FindIn(tenants, [&](const Tenant& tenant) {
    return SameText(tenant.id, id_or_domain) || SameText(tenant.domain, id_or_domain);
  });
}

std::vector<std::string> ConsentedScopes(const Resource& resource, const ConsentLists& lists) {
  return Collect(resource, lists, &Consent::scopes);
}

std::vector<std::string> GrantedRoles(const Resource& resource, const ConsentLists& lists) {
  return Collect(resource, lists, &Consent::roles);
}

}  // namespace behalf::idp
