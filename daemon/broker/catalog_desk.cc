#include "daemon/broker/catalog_desk.h"

#include <coroutine>
#include <utility>

namespace behalf {
namespace {

// Goes on upon one of the executor's threads.
struct MoveTo {
  Executor& executor;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { executor.Post(handle); }
  void await_resume() const noexcept {}
};

}  // namespace

Task<absl::StatusOr<CatalogReport>> CatalogDesk::Reload(CallerPtr caller) {
  const auto entered = gate_.Enter(caller);
  if (!entered.ok()) co_return entered.status();
  const MoveTo elsewhere{executor_};
  co_await elsewhere;
  co_return keeper_.Reload(CatalogTrigger::kAdmin, caller);
}

Task<absl::StatusOr<CatalogReport>> CatalogDesk::Rollback(CallerPtr caller, std::string digest) {
  const auto entered = gate_.Enter(caller);
  if (!entered.ok()) co_return entered.status();
  const MoveTo elsewhere{executor_};
  co_await elsewhere;
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
