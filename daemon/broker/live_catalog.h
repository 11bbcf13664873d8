// Which catalog is in force now.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "blueprint/catalog.h"

namespace behalf {

// A catalog and what this host makes of it. Immutable; a request holds one
// and sees nothing else.
struct CatalogInForce {
  std::shared_ptr<const Catalog> catalog;
  // By blueprint: why it is disabled, in sentences for the operator.
  std::map<std::string, std::vector<std::string>, std::less<>> disabled;

  bool IsEnabled(const Blueprint& blueprint) const { return !disabled.contains(blueprint.name); }
};

using CatalogInForcePtr = std::shared_ptr<const CatalogInForce>;

// Thread-safe. A new catalog takes over whole, for requests that begin later.
class LiveCatalog {
 public:
  explicit LiveCatalog(CatalogInForcePtr first) : current_(std::move(first)) {}

  CatalogInForcePtr Current() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::ReaderMutexLock lock(&mutex_);
    return current_;
  }

  // The one before dies with the last request that holds it.
  void Put(CatalogInForcePtr next) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    current_.swap(next);
  }

 private:
  mutable absl::Mutex mutex_;
  CatalogInForcePtr current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
