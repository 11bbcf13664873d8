// Whether the daemon serves, and why not. What concerns some agents only (a
// disabled blueprint, a provider that does not answer) is no reason.
#include "daemon/base/error.h"
#include "daemon/wiring/parts.h"

namespace behalf {

std::vector<std::string> Daemon::Parts::NotServingBecause() const {
  std::vector<std::string> reasons;
  if (record.failing()) {
    reasons.push_back(absl::StrCat("the record ", audit_file,
                                   " could not be written, and no token leaves without it"));
  }
  if (const absl::Status knows = store->Knows(); !knows.ok()) {
    reasons.push_back(DetailOf(knows).metadata["problem"]);
  }
  const CatalogInForcePtr in_force = catalogs.Current();
  const std::size_t blueprints = in_force->catalog->blueprints().size();
  if (blueprints > 0 && in_force->disabled.size() == blueprints) {
    reasons.push_back("every blueprint is disabled");
  }
  return reasons;
}

void Daemon::Parts::TellHealth() {
  if (server) server->SetHealthy(NotServingBecause().empty());
}

}  // namespace behalf
