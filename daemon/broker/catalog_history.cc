#include "daemon/broker/catalog_history.h"

#include <utility>

#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr std::size_t kFewestDigits = 8;

absl::Status Invalid(std::string_view why) {
  return MakeError(
      ErrorDetail{.reason = Reason::kRequestInvalid, .metadata = {{"field", "digest"}}}, why);
}

}  // namespace

std::string_view TriggerName(CatalogTrigger trigger) {
  switch (trigger) {
    case CatalogTrigger::kStart:
      return "start";
    case CatalogTrigger::kSignal:
      return "signal";
    case CatalogTrigger::kWatch:
      return "watch";
    case CatalogTrigger::kAdmin:
      return "admin";
    case CatalogTrigger::kRollback:
      return "rollback";
  }
  return "unknown";
}

// Entries of one digest share one catalog, so that going back and forth does
// not hold each of them in memory.
void CatalogHistory::Add(CatalogEntry entry) {
  const std::string& digest = entry.catalog->digest();
  for (CatalogEntry& older : entries_) {
    if (older.catalog->digest() == digest) older.catalog = entry.catalog;
  }
  if (entries_.front().catalog == entry.catalog) {
    entries_.front().fingerprint = std::move(entry.fingerprint);
    return;
  }
  entries_.push_front(std::move(entry));
  if (entries_.size() > kMost) entries_.pop_back();
}

absl::StatusOr<CatalogEntry> CatalogHistory::Find(std::string_view digest) const {
  if (digest.size() < kFewestDigits) return Invalid("at least 8 digits of a digest are needed");
  const CatalogEntry* found = nullptr;
  for (const CatalogEntry& entry : entries_) {
    if (!entry.catalog->digest().starts_with(digest)) continue;
    if (found != nullptr && found->catalog != entry.catalog) {
      return Invalid("several catalogs of the history have a digest that begins so");
    }
    if (found == nullptr) found = &entry;
  }
  if (found == nullptr) return Invalid("no catalog of the history has this digest");
  return *found;
}

}  // namespace behalf
