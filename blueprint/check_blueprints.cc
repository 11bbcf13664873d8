#include <algorithm>
#include <array>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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
  // `whole`: the documents without an error by themselves.
  BlueprintCheck(const Blueprint& blueprint, const Marks& marks,
                 const absl::flat_hash_set<const void*>& whole, Report& report)
      : blueprint_(blueprint), marks_(marks), whole_(whole), report_(report) {}

  void Run() {
    CheckTenants();
    CheckAgents();
    for (const Allowance& allowance : blueprint_.allow) {
      CheckSubjects(allowance);
      if (whole_.contains(allowance.api)) CheckApi(allowance, *allowance.api);
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

  // An agent identity blueprint may not act as itself (AADSTS82001, 82002).
  void CheckAgents() {
    const auto application = std::ranges::find_if(blueprint_.agents, &Agent::is_application);
    const auto identity = std::ranges::find_if_not(blueprint_.agents, &Agent::is_application);
    if (application == blueprint_.agents.end() || identity == blueprint_.agents.end()) return;
    const Mark* mark = marks_.Find(&application->is_application);
    if (mark == nullptr) return;
    report_.Error(mark->place(),
                  absl::StrCat("the agent `", application->name, "` acts as the application, and `",
                               identity->name, "` as an agent identity"),
                  "the provider lets an application have agent identities or act by itself: make "
                  "two blueprints of two applications");
  }

  void CheckSubjects(const Allowance& allowance) {
    if (allowance.access != Access::kDelegated || said_no_subjects_) return;
    if (!whole_.contains(&blueprint_) || marks_.Find(&blueprint_.subjects) != nullptr) return;
    said_no_subjects_ = true;
    report_.Error(allowance.place,
                  "this allowance is for users, and the blueprint does not say whose tokens it "
                  "accepts",
                  "add `subjects` to the blueprint, or write `access: application` if no user "
                  "takes part");
  }

  void CheckApi(const Allowance& allowance, const Api& api) {
    const bool delegated = allowance.access == Access::kDelegated;
    if (delegated && api.scopes.empty()) return ReportNoScopes(allowance, api);
    const auto& exposed = delegated ? api.scopes : api.roles;
    const std::string_view what = delegated ? "scope" : "app role";
    for (const auto* list : {&allowance.scopes, &allowance.accept}) {
      for (const std::string& value : *list) {
        const bool openid = delegated && list == &allowance.accept && IsOpenIdScope(value);
        if (openid || report_.full() || std::ranges::binary_search(exposed, value)) continue;
        ReportNotExposed(api, *list, value, what, exposed);
      }
    }
    CheckBlocked(allowance, api);
  }

  void ReportNoScopes(const Allowance& allowance, const Api& api) {
    const Mark* mark = marks_.Find(&allowance.api);
    const std::string known = AsWellKnown(api, api.scopes);
    report_.Error(mark == nullptr ? allowance.place : mark->place(),
                  absl::StrCat("the Api `", api.name,
                               "` offers no delegated scopes, so that nobody can be acted for "
                               "there",
                               known),
                  absl::StrCat("write `access: application` and `roles` in place of `scopes`: the "
                               "agent then reaches it as itself",
                               known.empty() ? ""
                                             : "; or write `scopes` into the Api if it has "
                                               "some in your tenant"));
  }

  // Where a list comes from, if it is not the operator's.
  template <class List>
  std::string AsWellKnown(const Api& api, const List& list) const {
    const Mark* mark = marks_.Find(&list);
    const bool inherited = !api.well_known.empty() && (mark == nullptr || mark->node->inherited);
    if (!inherited) return {};
    return absl::StrCat(" (so says wellKnown `", api.well_known, "`, as of ", api.evidence.as_of,
                        ")");
  }

  void CheckBlocked(const Allowance& allowance, const Api& api) {
    if (std::ranges::any_of(blueprint_.agents, &Agent::is_application)) return;
    for (const std::string& value : allowance.scopes) {
      if (!std::ranges::binary_search(api.blocked_for_agents, value) || report_.full()) continue;
      report_.Error(
          marks_.Find(&allowance.scopes)->Item(value).place(),
          absl::StrCat("no agent identity may hold ", Quote(value), " of the Api `", api.name,
                       "`, whoever consents", AsWellKnown(api, api.blocked_for_agents)),
          "allow less: a narrower scope, or an application without agent identities");
    }
  }

  void ReportNotExposed(const Api& api, const std::vector<std::string>& list,
                        const std::string& value, std::string_view what,
                        const std::vector<std::string>& exposed) {
    const Mark& mark = *marks_.Find(&list);
    const std::string known = AsWellKnown(api, exposed);
    std::string message =
        absl::StrCat("the Api `", api.name, "` does not expose the ",
                     absl::string_view(what.data(), what.size()), " ", Quote(value), known);
    if (!mark.node->inherited) {
      const std::string remedy =
          absl::StrCat(" (if the API has it, write your own `",
                       &exposed == &api.roles ? "roles" : "scopes", "` into the Api)");
      report_.Error(mark.Item(value).place(), std::move(message),
                    absl::StrCat(Suggest(value, exposed), known.empty() ? "" : remedy));
      return;
    }
    report_.Error(mark.Item(value).place(), absl::StrCat(message, ", and an allowance inherits it"),
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
  const absl::flat_hash_set<const void*>& whole_;
  Report& report_;
  bool said_no_subjects_ = false;
  absl::flat_hash_map<Key, const Allowance*> seen_;
};

}  // namespace

void CheckBlueprints(const DocumentSet& set, Report& report) {
  absl::flat_hash_set<const void*> whole;
  for (const Entry& entry : set.entries) {
    if (entry.whole) whole.insert(entry.document);
  }
  for (const auto& blueprint : set.blueprints) {
    BlueprintCheck(*blueprint, set.marks, whole, report).Run();
  }
}

}  // namespace behalf::loader
