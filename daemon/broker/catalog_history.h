// The catalogs that were in force lately.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/catalog.h"

namespace behalf {

// What made the daemon look at its documents.
enum class CatalogTrigger : std::uint8_t { kStart, kSignal, kWatch, kAdmin, kRollback };

// "start", "signal" and so on.
std::string_view TriggerName(CatalogTrigger trigger);

struct CatalogEntry {
  std::shared_ptr<const Catalog> catalog;
  std::string fingerprint;  // of the text it was loaded from
  absl::Time since;
  CatalogTrigger trigger;
};

// The newest first, which is in force; kMost of them, and then the oldest is
// forgotten. Not thread-safe.
class CatalogHistory {
 public:
  static constexpr std::size_t kMost = 16;

  explicit CatalogHistory(CatalogEntry first) { entries_.push_back(std::move(first)); }

  // A catalog that means the same as the one in force takes its place.
  void Add(CatalogEntry entry);

  const CatalogEntry& in_force() const { return entries_.front(); }
  std::vector<CatalogEntry> entries() const { return {entries_.begin(), entries_.end()}; }

  // By its digest, of which 8 digits are enough where they fit one catalog
  // only. kRequestInvalid with the field "digest" otherwise.
  absl::StatusOr<CatalogEntry> Find(std::string_view digest) const;

 private:
  std::deque<CatalogEntry> entries_;
};

}  // namespace behalf
