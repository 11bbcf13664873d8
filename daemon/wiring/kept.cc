#include "daemon/wiring/kept.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/audit/head_key.h"
#include "daemon/audit/token_digest.h"
#include "daemon/base/error.h"
#include "daemon/crypto/persistent_key.h"
#include "daemon/store/etcd/etcd_handles.h"
#include "daemon/store/sqlite_handles.h"
#include "daemon/store/sqlite_state.h"
#include "daemon/wiring/fleet.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

absl::Status MakeStateDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the state directory ", path, " cannot be made"));
}

Anchor AnchorOf(const AuditAnchor& anchor, const std::shared_ptr<Outward>& outward) {
  if (!anchor.file.empty()) return FileAnchor(anchor.file);
  if (!anchor.syslog.empty()) return SyslogAnchor(anchor.syslog);
  return HttpAnchor(outward, anchor.http);
}

void Tell(const Anchor& anchor, const absl::Status& kept) {
  if (kept.ok()) return spdlog::info("heads of the record are kept in {} again", anchor.place);
  spdlog::warn("a head of the record is not kept in {}: {}", anchor.place,
               std::string(kept.message()));
}

// Null where there is none.
std::shared_ptr<Anchors> AnchorsOf(const DaemonSpec& spec, const Clock& clock,
                                   const std::shared_ptr<Outward>& outward) {
  if (spec.audit_anchors.empty()) return nullptr;
  std::vector<Anchor> anchors;
  for (const AuditAnchor& anchor : spec.audit_anchors) {
    anchors.push_back(AnchorOf(anchor, outward));
  }
  return std::make_shared<Anchors>(std::move(anchors), Tell, clock);
}

bool TellsByHttp(const AuditAnchor& anchor) { return !anchor.http.url.empty(); }

// Null where nobody is told anything.
std::shared_ptr<Outward> OutwardOf(const DaemonSpec& spec) {
  const bool wanted =
      !spec.traces.otlp.url.empty() || std::ranges::any_of(spec.audit_anchors, TellsByHttp);
  return wanted ? std::make_shared<Outward>() : nullptr;
}

AuditLogOptions RecordOptionsOf(const DaemonSpec& spec, const Ed25519PrivateKey& key,
                                const std::shared_ptr<Anchors>& anchors) {
  AuditLogOptions options = {.key = key};
  if (spec.audit_fsync) options.durability = AuditDurability::kFsync;
  if (anchors) {
    options.on_head = [anchors](std::string_view head) { anchors->Send(std::string(head)); };
  }
  return options;
}

// The record names the revision of the state that it stands on: a state that
// is older has forgotten revocations.
absl::Status CheckAge(std::uint64_t state, std::uint64_t record, const DaemonSpec& spec) {
  if (state >= record) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the state in ", spec.etcd.endpoints.empty() ? spec.state_directory : "etcd",
      " is older (revision ", state, ") than what the record ", spec.audit_file, " says (revision ",
      record, "), so revocations would be forgotten; see \"State\" in docs/operations.md"));
}

absl::Status OpenSqlite(const DaemonSpec& spec, Ground& ground, Kept& kept) {
  auto state = SqliteState::Open(spec.state_directory);
  if (!state.ok()) return state.status();
  auto handles =
      SqliteHandles::Open(spec.state_directory, spec.limits.handles, ground.clock, ground.executor);
  if (!handles.ok()) return handles.status();
  kept.state = *std::move(state);
  kept.handles = *std::move(handles);
  return absl::OkStatus();
}

// What an operator reads of a failure inside the store.
absl::Status ForOperators(const absl::Status& why) {
  const ErrorDetail detail = DetailOf(why);
  const auto problem = detail.metadata.find("problem");
  return absl::FailedPreconditionError(problem == detail.metadata.end() ? std::string(why.message())
                                                                        : problem->second);
}

absl::Status OpenEtcd(const DaemonSpec& spec, Ground& ground, const std::string& digest_key_id,
                      Kept& kept) {
  auto members = MembersOf(spec.etcd);
  if (!members.ok()) return members.status();
  kept.etcd = std::make_unique<EtcdClient>(*members, ground.executor);
  const std::string& prefix = spec.etcd.prefix;
  auto state = std::make_unique<EtcdState>(*kept.etcd, prefix, NameOfThisReplica(), ground.steady);
  kept.handles = std::make_unique<EtcdHandles>(*kept.etcd, prefix, spec.limits.handles,
                                               ground.clock, ground.steady);
  const absl::Status agreed = state->AgreeOnDigestKey(digest_key_id);
  kept.replica = state.get();
  kept.state = std::move(state);
  return agreed.ok() ? agreed : ForOperators(agreed);
}

}  // namespace

absl::StatusOr<Kept> OpenKept(const DaemonSpec& spec, Ground& ground) {
  Kept kept;
  if (absl::Status made = MakeStateDirectory(spec.state_directory); !made.ok()) return made;
  auto digest_key = PersistentKey(spec.state_directory, "audit-digest.key");
  if (!digest_key.ok()) return digest_key.status();
  kept.digest_key = *std::move(digest_key);
  auto head_key = HeadKey(spec.state_directory);
  if (!head_key.ok()) return head_key.status();
  kept.head_key = head_key->public_key();
  kept.outward = OutwardOf(spec);
  kept.anchors = AnchorsOf(spec, ground.clock, kept.outward);
  auto audit = AuditTrail::Open(spec.audit_file, spec.limits.denials_per_minute,
                                RecordOptionsOf(spec, *head_key, kept.anchors));
  if (!audit.ok()) return audit.status();
  if (const absl::Status reserve = (*audit)->ReserveProblem(); !reserve.ok()) {
    spdlog::warn("{}: a full disk will not be recorded", reserve.ToString());
  }
  kept.audit = *std::move(audit);
  const bool fleet = !spec.etcd.endpoints.empty();
  const absl::Status opened =
      fleet ? OpenEtcd(spec, ground, TokenNamer(kept.digest_key.Clone()).key_id(), kept)
            : OpenSqlite(spec, ground, kept);
  if (!opened.ok()) return opened;
  auto revocations = kept.state->Load();
  if (!revocations.ok()) return ForOperators(revocations.status());
  kept.revocations = *std::move(revocations);
  const absl::Status young = CheckAge(kept.revocations.revision, kept.audit->FoundRevision(), spec);
  if (!young.ok()) return young;
  kept.audit->StandOn(kept.revocations.revision);
  return kept;
}

}  // namespace behalf
