// The blueprints' own credentials.
#pragma once

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "blueprint/catalog.h"
#include "blueprint/documents.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// Implementations are thread-safe.
class BlueprintSecrets {
 public:
  virtual ~BlueprintSecrets() = default;
  // The client secret as it is now; kBlueprintDisabled when there is none.
  virtual absl::StatusOr<SecretString> SecretOf(const Blueprint& blueprint) = 0;
};

// Reads the file or the systemd credential each time, which costs microseconds
// before a request to a provider, so that a replaced file counts from the next
// exchange on. Of each source the last good secret is kept, and serves while
// the file is broken: missing, empty, or open to others.
class SecretsOnDisk final : public BlueprintSecrets {
 public:
  // `credentials_directory`: systemd's; empty when there is none.
  explicit SecretsOnDisk(std::string credentials_directory)
      : credentials_directory_(std::move(credentials_directory)) {}

  absl::StatusOr<SecretString> SecretOf(const Blueprint& blueprint) override
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads the secrets of all blueprints, and forgets those of no blueprint.
  void Follow(const Catalog& catalog) ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a good secret was read from the source.
  bool InHand(const SecretSource& source) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Why the source serves an old secret, as a sentence for the operator; empty
  // when it does not. Reads the file again.
  std::string ProblemOf(const Blueprint& blueprint);

 private:
  struct Kept {
    SecretString secret;
    std::string problem;  // of the file since
  };

  std::string PathOf(const SecretSource& source) const;
  absl::StatusOr<SecretString> Read(const SecretSource& source) const;
  absl::StatusOr<SecretString> Keep(const Blueprint& blueprint, const std::string& path,
                                    absl::StatusOr<SecretString> read) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string credentials_directory_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);  // by path
};

}  // namespace behalf
