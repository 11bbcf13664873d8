#include "daemon/oauth/blueprint_secrets.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "blueprint/load.h"
#include "daemon/base/error.h"
#include "daemon/crypto/secret_file.h"
#include "spdlog/spdlog.h"

namespace behalf {

std::string SecretsOnDisk::PathOf(const SecretSource& source) const {
  return SecretPath(source, credentials_directory_);
}

absl::StatusOr<SecretString> SecretsOnDisk::Read(const SecretSource& source) const {
  const std::string path = PathOf(source);
  if (path.empty()) return absl::FailedPreconditionError("there are no systemd credentials");
  return ReadSecretFile(path, source.systemd_credential.empty()
                                  ? SecretFileKind::kFile
                                  : SecretFileKind::kSystemdCredential);
}

absl::StatusOr<SecretString> SecretsOnDisk::SecretOf(const Blueprint& blueprint) {
  return Keep(blueprint, PathOf(blueprint.secret), Read(blueprint.secret));
}

// Two readers may come here in the other order than they read; the next one
// puts that right.
absl::StatusOr<SecretString> SecretsOnDisk::Keep(const Blueprint& blueprint,
                                                 const std::string& path,
                                                 absl::StatusOr<SecretString> read) {
  const absl::MutexLock lock(&mutex_);
  if (read.ok()) {
    Kept& kept = kept_[path];
    if (!kept.problem.empty()) spdlog::info("{} serves again", path);
    kept.problem.clear();
    kept.secret = read->Clone();
    return read;
  }
  const std::string why(read.status().message());
  const auto kept = kept_.find(path);
  if (kept == kept_.end()) {
    return MakeError(
        ErrorDetail{.reason = Reason::kBlueprintDisabled, .metadata = {{"problem", why}}});
  }
  if (kept->second.problem != why) {
    spdlog::warn("blueprint {} goes on with its old secret: {}", blueprint.name, why);
    kept->second.problem = why;
  }
  return kept->second.secret.Clone();
}

void SecretsOnDisk::Follow(const Catalog& catalog) {
  absl::flat_hash_set<std::string> named;
  for (const auto& blueprint : catalog.blueprints()) {
    named.insert(PathOf(blueprint->secret));
    SecretOf(*blueprint).IgnoreError();
  }
  const absl::MutexLock lock(&mutex_);
  absl::erase_if(kept_, [&](const auto& entry) { return !named.contains(entry.first); });
}

bool SecretsOnDisk::InHand(const SecretSource& source) const {
  const std::string path = PathOf(source);
  const absl::MutexLock lock(&mutex_);
  return kept_.contains(path);
}

std::string SecretsOnDisk::ProblemOf(const Blueprint& blueprint) {
  SecretOf(blueprint).IgnoreError();
  const std::string path = PathOf(blueprint.secret);
  const absl::MutexLock lock(&mutex_);
  const auto kept = kept_.find(path);
  if (kept == kept_.end() || kept->second.problem.empty()) return {};
  return absl::StrCat("goes on with its old secret: ", kept->second.problem);
}

}  // namespace behalf
