#include "daemon/oauth/circuits.h"

#include "absl/container/flat_hash_set.h"

namespace behalf {

std::shared_ptr<Circuit> Circuits::Of(const std::string& provider_digest) {
  const absl::MutexLock lock(&mutex_);
  std::shared_ptr<Circuit>& circuit = circuits_[provider_digest];
  if (circuit == nullptr) circuit = std::make_shared<Circuit>(steady_);
  return circuit;
}

Circuit::State Circuits::StateOf(const Provider& provider) const {
  std::shared_ptr<const Circuit> circuit;
  {
    const absl::MutexLock lock(&mutex_);
    const auto it = circuits_.find(provider.digest);
    if (it == circuits_.end()) return {};
    circuit = it->second;
  }
  return circuit->Now();
}

void Circuits::Follow(const Catalog& catalog) {
  absl::flat_hash_set<std::string> named;
  for (const auto& provider : catalog.providers()) named.insert(provider->digest);
  const absl::MutexLock lock(&mutex_);
  absl::erase_if(circuits_, [&](const auto& entry) { return !named.contains(entry.first); });
}

}  // namespace behalf
