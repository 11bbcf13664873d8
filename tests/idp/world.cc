#include "tests/idp/world.h"

namespace behalf::idp {

LiveWorld::LiveWorld(Directory directory, SigningKeys keys, const Clock& clock,
                     RandomSource& random)
    : clock_(clock),
      random_(random),
      world_(std::make_shared<const World>(std::move(directory),
                                           std::make_shared<const SigningKeys>(std::move(keys)),
                                           clock, random, memory_)) {}

std::shared_ptr<const World> LiveWorld::Now() const {
  const std::lock_guard lock(mutex_);
  return world_;
}

absl::Status LiveWorld::ChangeDirectory(const std::function<absl::Status(Directory&)>& change) {
  const std::lock_guard lock(mutex_);
  Directory directory = world_->directory;
  if (absl::Status changed = change(directory); !changed.ok()) return changed;
  world_ =
      std::make_shared<const World>(std::move(directory), world_->keys, clock_, random_, memory_);
  return absl::OkStatus();
}

void LiveWorld::ReplaceKeys(SigningKeys keys) {
  const std::lock_guard lock(mutex_);
  world_ = std::make_shared<const World>(world_->directory,
                                         std::make_shared<const SigningKeys>(std::move(keys)),
                                         clock_, random_, memory_);
}

}  // namespace behalf::idp
