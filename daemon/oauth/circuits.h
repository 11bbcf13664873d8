// The circuit of each provider.
#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "blueprint/catalog.h"
#include "daemon/base/clock.h"
#include "daemon/oauth/circuit.h"

namespace behalf {

// Thread-safe. Circuits are kept by the provider's digest, so that a changed
// document, which may name another endpoint, proxy or trust, starts anew.
class Circuits {
 public:
  explicit Circuits(const SteadyClock& steady) : steady_(steady) {}

  // A closed one when nobody has asked before.
  std::shared_ptr<Circuit> Of(const std::string& provider_digest) ABSL_LOCKS_EXCLUDED(mutex_);

  // What is known of a provider now, for the operator.
  Circuit::State StateOf(const Provider& provider) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Forgets the circuits of providers that are not in the catalog.
  void Follow(const Catalog& catalog) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const SteadyClock& steady_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Circuit>> circuits_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
