// The blueprints' own credentials, from files.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
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
// missing, empty, or open to others. A credential whose time is over is none.
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
  void ReadAgain(const Blueprint& blueprint) override ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads the credentials of all blueprints, and forgets those of no blueprint.
  // Of a credential that expires within 30 days the log is told once a day.
  void Follow(const Catalog& catalog) ABSL_LOCKS_EXCLUDED(mutex_);

  // When the good state of the credential that was read last is valid; empty
  // when none was.
  std::optional<Validity> InHand(const Credential& credential) const ABSL_LOCKS_EXCLUDED(mutex_);

  struct State {
    absl::Time expires_at = absl::InfiniteFuture();  // infinite: not known
    // What needs attention, as sentences for the operator: that an old
    // credential goes on, and why; that it expires soon.
    std::vector<std::string> problems;
  };
  // Looks at the files again.
  State StateOf(const Blueprint& blueprint) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using LoadedPtr = std::shared_ptr<const LoadedCredential>;
  using Identities = std::vector<FileIdentity>;
  struct Kept {
    LoadedPtr loaded;
    Identities read_from;   // empty: to be read again in any case
    std::string problem;    // of the files since
    absl::CivilDay warned;  // the last day that the log was told
  };

  std::string KeyOf(const Credential& credential) const;
  Identities IdentitiesOf(const Credential& credential) const;
  absl::StatusOr<LoadedPtr> Current(const Blueprint& blueprint) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<LoadedPtr> Usable(const Blueprint& blueprint) ABSL_LOCKS_EXCLUDED(mutex_);
  void WarnOfExpiry(const Blueprint& blueprint) ABSL_LOCKS_EXCLUDED(mutex_);
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
