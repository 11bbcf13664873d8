#include "daemon/oauth/credentials_on_disk.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/base/length_prefixed.h"
#include "daemon/oauth/client_assertion.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

// Longer than any file system's clock takes to tick: a file that changed just
// now may change once more and look the same.
constexpr absl::Duration kSettles = absl::Seconds(2);

// How long ahead an operator is warned.
constexpr absl::Duration kAhead = absl::Hours(30 * 24);

// A sentence, when that is soon and not past.
std::string ExpirySoon(absl::Time now, absl::Time expires_at) {
  if (expires_at <= now || expires_at - now > kAhead) return {};
  return absl::StrCat("its credential expires at ", ShownToOperators(expires_at),
                      ": replace it before");
}

}  // namespace

CredentialsOnDisk::CredentialsOnDisk(const std::string& credentials_directory, const Clock& clock)
    : CredentialsOnDisk(credentials_directory, clock,
                        [credentials_directory](const Credential& credential) {
                          return ReadCredential(credential, credentials_directory);
                        }) {}

CredentialsOnDisk::CredentialsOnDisk(std::string credentials_directory, const Clock& clock,
                                     Reader read)
    : credentials_directory_(std::move(credentials_directory)),
      clock_(clock),
      read_(std::move(read)) {}

std::string CredentialsOnDisk::KeyOf(const Credential& credential) const {
  std::string key;
  for (const CredentialFile& file : FilesOf(credential, credentials_directory_)) {
    AppendPart(key, file.path);
  }
  return key;
}

// Empty unless all files are there and changed a while ago.
CredentialsOnDisk::Identities CredentialsOnDisk::IdentitiesOf(const Credential& credential) const {
  const std::int64_t settled = absl::ToUnixNanos(clock_.Now() - kSettles);
  Identities identities;
  for (const CredentialFile& file : FilesOf(credential, credentials_directory_)) {
    const auto identity = IdentifyFile(file.path, file.kind);
    if (!identity || identity->changed_ns > settled) return {};
    identities.push_back(*identity);
  }
  return identities;
}

// Two readers may come to Keep in the other order than they read; what is kept
// then is older than its files, which the next one notices.
absl::StatusOr<CredentialsOnDisk::LoadedPtr> CredentialsOnDisk::Current(
    const Blueprint& blueprint) {
  const std::string key = KeyOf(blueprint.credential);
  Identities now = IdentitiesOf(blueprint.credential);
  if (LoadedPtr loaded = Unchanged(key, now)) return loaded;
  return Keep(blueprint, key, std::move(now), read_(blueprint.credential));
}

CredentialsOnDisk::LoadedPtr CredentialsOnDisk::Unchanged(const std::string& key,
                                                          const Identities& now) {
  if (now.empty()) return nullptr;
  const absl::MutexLock lock(&mutex_);
  const auto kept = kept_.find(key);
  return kept != kept_.end() && kept->second.read_from == now ? kept->second.loaded : nullptr;
}

absl::StatusOr<CredentialsOnDisk::LoadedPtr> CredentialsOnDisk::Keep(
    const Blueprint& blueprint, const std::string& key, Identities read_from,
    absl::StatusOr<LoadedCredential> read) {
  const absl::MutexLock lock(&mutex_);
  if (read.ok()) {
    Kept& kept = kept_[key];
    if (!kept.problem.empty()) spdlog::info("blueprint {} uses its new credential", blueprint.name);
    kept.problem.clear();
    kept.read_from = std::move(read_from);
    kept.loaded = std::make_shared<const LoadedCredential>(*std::move(read));
    return kept.loaded;
  }
  const std::string why(read.status().message());
  const auto kept = kept_.find(key);
  if (kept == kept_.end()) {
    return MakeError(
        ErrorDetail{.reason = Reason::kBlueprintDisabled, .metadata = {{"problem", why}}});
  }
  if (kept->second.problem != why) {
    spdlog::warn("blueprint {} goes on with its old credential: {}", blueprint.name, why);
    kept->second.problem = why;
  }
  kept->second.read_from.clear();
  return kept->second.loaded;
}

absl::StatusOr<CredentialsOnDisk::LoadedPtr> CredentialsOnDisk::Usable(const Blueprint& blueprint) {
  auto loaded = Current(blueprint);
  if (!loaded.ok()) return loaded.status();
  const Credential& credential = blueprint.credential;
  std::string fault = FaultAt(clock_.Now(), credential, ValidityOf(credential, **loaded));
  if (fault.empty()) return loaded;
  return MakeError(ErrorDetail{.reason = Reason::kBlueprintDisabled,
                               .metadata = {{"problem", std::move(fault)}}});
}

absl::StatusOr<ClientAuthentication> CredentialsOnDisk::For(const Blueprint& blueprint) {
  const auto loaded = Usable(blueprint);
  if (!loaded.ok()) return loaded.status();
  const LoadedCredential& credential = **loaded;
  ClientAuthentication authentication;
  authentication.basis = credential.basis;
  switch (blueprint.credential.kind) {
    case CredentialKind::kSecret:
      authentication.client_secret = credential.text.Clone();
      break;
    case CredentialKind::kCertificate:
      authentication.client_assertion =
          ClientAssertion(blueprint, *credential.certificate, clock_.Now());
      break;
    case CredentialKind::kFederatedToken:
      authentication.client_assertion = credential.text.Clone();
      break;
  }
  return authentication;
}

absl::StatusOr<std::string> CredentialsOnDisk::BasisOf(const Blueprint& blueprint) {
  const auto loaded = Usable(blueprint);
  if (!loaded.ok()) return loaded.status();
  return (*loaded)->basis;
}

void CredentialsOnDisk::ReadAgain(const Blueprint& blueprint) {
  const std::string key = KeyOf(blueprint.credential);
  const absl::MutexLock lock(&mutex_);
  const auto kept = kept_.find(key);
  if (kept != kept_.end()) kept->second.read_from.clear();
}

void CredentialsOnDisk::Follow(const Catalog& catalog) {
  absl::flat_hash_set<std::string> named;
  for (const auto& blueprint : catalog.blueprints()) {
    named.insert(KeyOf(blueprint->credential));
    Current(*blueprint).IgnoreError();
    WarnOfExpiry(*blueprint);
  }
  const absl::MutexLock lock(&mutex_);
  absl::erase_if(kept_, [&](const auto& entry) { return !named.contains(entry.first); });
}

std::optional<Validity> CredentialsOnDisk::InHand(const Credential& credential) const {
  const std::string key = KeyOf(credential);
  const absl::MutexLock lock(&mutex_);
  const auto kept = kept_.find(key);
  if (kept == kept_.end()) return std::nullopt;
  return ValidityOf(credential, *kept->second.loaded);
}

CredentialsOnDisk::State CredentialsOnDisk::StateOf(const Blueprint& blueprint) {
  State state;
  const auto loaded = Current(blueprint);
  if (!loaded.ok()) return state;
  state.expires_at = ValidityOf(blueprint.credential, **loaded).until;
  const std::string key = KeyOf(blueprint.credential);
  {
    const absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(key);
    if (kept != kept_.end() && !kept->second.problem.empty()) {
      state.problems.push_back(
          absl::StrCat("goes on with its old credential: ", kept->second.problem));
    }
  }
  const std::string soon = ExpirySoon(clock_.Now(), state.expires_at);
  if (!soon.empty()) state.problems.push_back(soon);
  return state;
}

void CredentialsOnDisk::WarnOfExpiry(const Blueprint& blueprint) {
  const absl::Time now = clock_.Now();
  const std::string key = KeyOf(blueprint.credential);
  const absl::MutexLock lock(&mutex_);
  const auto kept = kept_.find(key);
  if (kept == kept_.end()) return;
  const Validity validity = ValidityOf(blueprint.credential, *kept->second.loaded);
  const std::string soon = ExpirySoon(now, validity.until);
  const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
  if (soon.empty() || kept->second.warned == today) return;
  kept->second.warned = today;
  spdlog::warn("blueprint {}: {}", blueprint.name, soon);
}

}  // namespace behalf
