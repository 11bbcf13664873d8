#include "daemon/wiring/kept.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/crypto/persistent_key.h"

namespace behalf {
namespace {

absl::Status MakeStateDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the state directory ", path, " cannot be made"));
}

// The record names the revision of the state that it stands on: a state that
// is older has forgotten revocations.
absl::Status CheckAge(std::uint64_t state, std::uint64_t record, const DaemonSpec& spec) {
  if (state >= record) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the state in ", spec.state_directory, " is older (revision ", state,
                   ") than what the record ", spec.audit_file, " says (revision ", record,
                   "), so revocations would be forgotten; see \"State\" in docs/operations.md"));
}

}  // namespace

absl::StatusOr<Kept> OpenKept(const DaemonSpec& spec, Ground& ground) {
  if (absl::Status made = MakeStateDirectory(spec.state_directory); !made.ok()) return made;
  auto digest_key = PersistentKey(spec.state_directory, "audit-digest.key");
  if (!digest_key.ok()) return digest_key.status();
  auto audit = AuditTrail::Open(spec.audit_file, spec.limits.denials_per_minute);
  if (!audit.ok()) return audit.status();
  auto state = SqliteState::Open(spec.state_directory);
  if (!state.ok()) return state.status();
  auto revocations = (*state)->Load();
  if (!revocations.ok()) return revocations.status();
  const absl::Status young = CheckAge(revocations->revision, (*audit)->FoundRevision(), spec);
  if (!young.ok()) return young;
  (*audit)->StandOn(revocations->revision);
  auto handles =
      SqliteHandles::Open(spec.state_directory, spec.limits.handles, ground.clock, ground.executor);
  if (!handles.ok()) return handles.status();
  return Kept{*std::move(digest_key), *std::move(audit), *std::move(state), *std::move(revocations),
              *std::move(handles)};
}

}  // namespace behalf
