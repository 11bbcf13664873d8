#include "policies/admit.h"

#include <algorithm>
#include <array>

namespace behalf {
namespace {

bool Contains(const std::vector<std::string>& sorted, std::string_view value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

bool TenantIsListed(const SubjectRules& rules, const UserFacts& user) {
  return Contains(rules.tenants, user.tenant);
}

bool AudienceIsListed(const SubjectRules& rules, const UserFacts& user) {
  return Contains(rules.audiences, user.audience);
}

bool ClientIsListed(const SubjectRules& rules, const UserFacts& user) {
  return Contains(rules.clients, user.client);
}

bool CarriesAListedScope(const SubjectRules& rules, const UserFacts& user) {
  return std::ranges::any_of(
      user.scopes, [&](const std::string& scope) { return Contains(rules.scopes, scope); });
}

bool GuestsOnlyWhereAdmitted(const SubjectRules& rules, const UserFacts& user) {
  return rules.guests || !user.guest;
}

struct Check {
  bool (*holds)(const SubjectRules&, const UserFacts&);
  Reason otherwise;
};

// One row a rule; each has a test that fails without it.
constexpr std::array kChecks = std::to_array<Check>({
    {TenantIsListed, Reason::kSubjectTenant},
    {AudienceIsListed, Reason::kSubjectAudience},
    {ClientIsListed, Reason::kSubjectClient},
    {CarriesAListedScope, Reason::kSubjectScope},
    {GuestsOnlyWhereAdmitted, Reason::kSubjectGuest},
});

}  // namespace

std::optional<Reason> RefuseUser(const SubjectRules& rules, const UserFacts& user) {
  for (const Check& check : kChecks) {
    if (!check.holds(rules, user)) return check.otherwise;
  }
  return std::nullopt;
}

}  // namespace behalf
