#include "daemon/broker/catalog_desk.h"

#include <utility>

namespace behalf {
Task<absl::StatusOr<CatalogReport>> CatalogDesk::Reload(CallerPtr caller) {
  const auto entered = gate_.Enter(caller);
  if (!entered.ok()) co_return entered.status();
  co_await executor_.Enter();
  co_return keeper_.Reload(CatalogTrigger::kAdmin, caller);
}

Task<absl::StatusOr<CatalogReport>> CatalogDesk::Rollback(CallerPtr caller, std::string digest) {
  const auto entered = gate_.Enter(caller);
  if (!entered.ok()) co_return entered.status();
  co_await executor_.Enter();
  auto report = keeper_.Rollback(digest, caller);
  if (!report.ok()) co_return gate_.Refuse(caller, report.status());
  co_return report;
}

absl::StatusOr<std::vector<CatalogEntry>> CatalogDesk::History(const CallerPtr& caller) const {
  const auto entered = gate_.Enter(caller);
  if (!entered.ok()) return entered.status();
  return keeper_.History();
}

}  // namespace behalf
