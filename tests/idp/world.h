// All that an identity provider is made of and that can be replaced while it
// serves: directory and keys. A change makes a new world; requests under way
// end in the old one. What the provider remembers stays.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "tests/idp/identity_provider.h"

namespace behalf::idp {

struct World {
  World(Directory initial, std::shared_ptr<const SigningKeys> signing, const Clock& clock,
        RandomSource& random, std::shared_ptr<Memory> memory)
      : directory(std::move(initial)),
        keys(std::move(signing)),
        provider(directory, *keys, clock, random, std::move(memory)) {}

  const Directory directory;
  const std::shared_ptr<const SigningKeys> keys;
  const IdentityProvider provider;
};

// Thread-safe. Clock and random source must outlive it.
class LiveWorld {
 public:
  LiveWorld(Directory directory, SigningKeys keys, const Clock& clock, RandomSource& random);

  std::shared_ptr<const World> Now() const;

  // Nothing changes when `change` fails.
  absl::Status ChangeDirectory(const std::function<absl::Status(Directory&)>& change);
  void ReplaceKeys(SigningKeys keys);

 private:
  const Clock& clock_;
  RandomSource& random_;
  const std::shared_ptr<Memory> memory_ = std::make_shared<Memory>();
  mutable std::mutex mutex_;
  std::shared_ptr<const World> world_;
};

}  // namespace behalf::idp
