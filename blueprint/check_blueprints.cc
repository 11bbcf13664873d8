#include <algorithm>
#include <array>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "blueprint/document_set.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

// OpenID Connect's own scopes, which belong to no API (OIDC Core 5.4, 11).
constexpr std::array<std::string_view, 4> kOpenIdScopes = {"openid", "profile", "email",
                                                           "offline_access"};

bool IsOpenIdScope(const std::string& scope) {
  return std::find(kOpenIdScopes.begin(), kOpenIdScopes.end(), scope) != kOpenIdScopes.end();
}

class BlueprintCheck {
 public:
  BlueprintCheck(const Blueprint& blueprint, const Marks& marks, Report& report)
      : blueprint_(blueprint), marks_(marks), report_(report) {}

  void Run() {
    CheckTenants();
    for (const Allowance& allowance : blueprint_.allow) {
      if (allowance.api != nullptr) {
        CheckExposed(*allowance.api, allowance.scopes, false);
        CheckExposed(*allowance.api, allowance.accept, true);
      }
      CheckOnce(allowance);
    }
  }

 private:
  void CheckTenants() {
    const Provider* provider = blueprint_.provider;
    if (provider == nullptr || provider->tenant.empty()) return;
    for (const std::string& tenant : blueprint_.subjects.tenants) {
      if (tenant == provider->tenant) continue;
      report_.Error(
          marks_.Find(&blueprint_.subjects.tenants)->Item(tenant).place(),
          absl::StrCat("the tenant ", tenant, " is not that of the Provider `", provider->name,
                       "`"),
          absl::StrCat("agent identities work only inside one tenant: write ", provider->tenant));
    }
  }

  void CheckExposed(const Api& api, const std::vector<std::string>& scopes, bool openid) {
    if (api.scopes.empty()) return;
    for (const std::string& scope : scopes) {
      const bool exposed = std::binary_search(api.scopes.begin(), api.scopes.end(), scope);
      if (exposed || (openid && IsOpenIdScope(scope)) || report_.full()) continue;
      ReportNotExposed(api, scopes, scope);
    }
  }

  void ReportNotExposed(const Api& api, const std::vector<std::string>& scopes,
                        const std::string& scope) {
    const Mark& mark = *marks_.Find(&scopes);
    std::string message =
        absl::StrCat("the Api `", api.name, "` does not expose the scope ", Quote(scope));
    if (!mark.node->inherited) {
      report_.Error(mark.Item(scope).place(), std::move(message), Suggest(scope, api.scopes));
      return;
    }
    report_.Error(mark.Item(scope).place(), absl::StrCat(message, ", and an allowance inherits it"),
                  absl::StrCat("write `accept: []` into the allowance, or what may come along "
                               "from this Api"));
  }

  void CheckOnce(const Allowance& allowance) {
    if (allowance.api == nullptr) return;
    const bool names_tool = marks_.Find(&allowance.tool) != nullptr;
    if (names_tool && allowance.tool == nullptr) return;
    const auto [first, is_new] =
        seen_.try_emplace(Key{allowance.tool, allowance.api, allowance.access}, &allowance);
    if (is_new) return;
    const Place& place = first->second->place;
    report_.Error(allowance.place, "a second allowance for the same tool, API and access",
                  absl::StrCat("the first is at ", place.file, ":", place.line, ":", place.column,
                               ": make one of them"));
  }

  using Key = std::tuple<const Tool*, const Api*, Access>;

  const Blueprint& blueprint_;
  const Marks& marks_;
  Report& report_;
  absl::flat_hash_map<Key, const Allowance*> seen_;
};

}  // namespace

void CheckBlueprints(const DocumentSet& set, Report& report) {
  for (const auto& blueprint : set.blueprints) {
    BlueprintCheck(*blueprint, set.marks, report).Run();
  }
}

}  // namespace behalf::loader
