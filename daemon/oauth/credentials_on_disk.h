// The blueprints' own credentials, from files.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "blueprint/catalog.h"
#include "blueprint/credential_files.h"
#include "blueprint/documents.h"
#include "daemon/base/clock.h"
#include "daemon/crypto/secret_file.h"
#include "daemon/oauth/client_credentials.h"

namespace behalf {

// Looks at the files each time, and reads them again where they are not what
// they were, so that a replaced file counts from the next exchange on. Of each
// credential the last good state is kept, and serves while a file is broken:
// missing, empty, or open to others.
class CredentialsOnDisk final : public ClientCredentials {
 public:
  using Reader = std::function<absl::StatusOr<LoadedCredential>(const Credential&)>;

  // `credentials_directory`: systemd's; empty when there is none. `clock` must
  // outlive this.
  CredentialsOnDisk(const std::string& credentials_directory, const Clock& clock);
  // With another way to read what `credentials_directory` and a credential name.
  CredentialsOnDisk(std::string credentials_directory, const Clock& clock, Reader read);

  absl::StatusOr<ClientAuthentication> For(const Blueprint& blueprint) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::string> BasisOf(const Blueprint& blueprint) override
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads the credentials of all blueprints, and forgets those of no blueprint.
  void Follow(const Catalog& catalog) ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a good state of the credential was read.
  bool InHand(const Credential& credential) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Why the blueprint goes on with an old credential, as a sentence for the
  // operator; empty when it does not. Looks at the files again.
  std::string ProblemOf(const Blueprint& blueprint) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using LoadedPtr = std::shared_ptr<const LoadedCredential>;
  using Identities = std::vector<FileIdentity>;
  struct Kept {
    LoadedPtr loaded;
    Identities read_from;  // empty: to be read again in any case
    std::string problem;   // of the files since
  };

  std::string KeyOf(const Credential& credential) const;
  Identities IdentitiesOf(const Credential& credential) const;
  absl::StatusOr<LoadedPtr> Current(const Blueprint& blueprint) ABSL_LOCKS_EXCLUDED(mutex_);
  LoadedPtr Unchanged(const std::string& key, const Identities& now) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<LoadedPtr> Keep(const Blueprint& blueprint, const std::string& key,
                                 Identities read_from, absl::StatusOr<LoadedCredential> read)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string credentials_directory_;
  const Clock& clock_;
  const Reader read_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);  // by all paths
};

}  // namespace behalf
