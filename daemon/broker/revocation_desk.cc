#include "daemon/broker/revocation_desk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/broker/recorded_caller.h"
#include "daemon/broker/revocation_target.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

constexpr std::size_t kMaxReason = 500;

absl::Status Invalid(std::string_view field, std::string_view why) {
  const absl::string_view name(field.data(), field.size());
  return MakeError(
      ErrorDetail{.reason = Reason::kRequestInvalid, .metadata = {{"field", std::string(field)}}},
      absl::StrCat(name, " ", absl::string_view(why.data(), why.size())));
}

absl::Status CheckReason(const std::string& reason, bool required) {
  if (required && reason.empty())
    return Invalid("reason", "is required: say why, for who reads it");
  if (reason.size() > kMaxReason) return Invalid("reason", "is longer than 500 bytes");
  return absl::OkStatus();
}

std::string By(const Caller& caller) {
  return absl::StrCat("uid ", caller.uid, " on ", caller.socket);
}

std::vector<std::uint64_t> RevisionsOf(const std::vector<RevocationPtr>& revocations) {
  std::vector<std::uint64_t> revisions;
  for (const RevocationPtr& one : revocations) revisions.push_back(one->revision);
  return revisions;
}

}  // namespace

absl::StatusOr<Revocation> RevocationDesk::Resolve(const Catalog& catalog,
                                                   const NamedTarget& target) const {
  if (!target.kind) return Invalid("target.kind", "is required");
  return ResolveTarget(catalog, *target.kind, target.name, target.tenant, parts_.namer.key_id());
}

Task<absl::StatusOr<Revoked>> RevocationDesk::Revoke(RevokeRequest request) {
  const auto entered = parts_.gate.Enter(request.caller);
  if (!entered.ok()) co_return entered.status();
  const absl::Time now = parts_.clock.Now();
  absl::Status valid = CheckReason(request.reason, /*required=*/true);
  if (request.until && *request.until <= now) valid.Update(Invalid("until", "is past"));
  auto revocation = Resolve(*(*entered)->catalog, request.target);
  if (valid.ok()) valid = revocation.status();
  if (!valid.ok()) co_return parts_.gate.Refuse(request.caller, valid);

  revocation->reason = request.reason;
  revocation->by = By(*request.caller);
  revocation->at = now;
  revocation->until = request.until.value_or(absl::InfiniteFuture());
  const std::uint64_t provisional = parts_.revocations.Add(*revocation);
  Revocation to_keep = *revocation;
  const auto revision = co_await parts_.store.Put(std::move(to_keep));
  if (!revision.ok()) {
    spdlog::error("{}; it is in force, and not on disk: {}", DescriptionOf(*revocation),
                  revision.status().ToString());
    co_return parts_.gate.Refuse(request.caller, revision.status());
  }
  revocation->revision = *revision;
  Revoked revoked;
  revoked.revocation = parts_.revocations.Settle(provisional, *std::move(revocation));
  parts_.audit.StandOn(*revision);
  spdlog::warn("{}", DescriptionOf(*revoked.revocation));
  const absl::Status recorded =
      parts_.audit.Record(RecordOf(AuditEvent::kRevoked, request.caller, *revoked.revocation));
  if (!recorded.ok()) revoked.unrecorded = recorded.ToString();
  revoked.outstanding = parts_.outstanding.Of(*revoked.revocation, now);
  co_return std::move(revoked);
}

Task<absl::StatusOr<std::vector<RevocationPtr>>> RevocationDesk::Restore(RestoreRequest request) {
  const auto entered = parts_.gate.Enter(request.caller);
  if (!entered.ok()) co_return entered.status();
  absl::Status valid = CheckReason(request.reason, /*required=*/false);
  auto target = Resolve(*(*entered)->catalog, request.target);
  if (valid.ok()) valid = target.status();
  std::vector<RevocationPtr> same;
  if (valid.ok()) {
    same = SameAs(*target);
    if (same.empty()) valid = Invalid("target", "is not revoked");
  }
  if (!valid.ok()) co_return parts_.gate.Refuse(request.caller, valid);

  for (const RevocationPtr& one : same) {
    AuditRecord record = RecordOf(AuditEvent::kRestored, request.caller, *one);
    record.revocation.reason = request.reason;
    const absl::Status recorded = parts_.audit.Record(record);
    if (!recorded.ok()) co_return recorded;
  }
  const auto revision = co_await parts_.store.Remove(RevisionsOf(same));
  if (!revision.ok()) co_return parts_.gate.Refuse(request.caller, revision.status());
  parts_.revocations.Remove(RevisionsOf(same));
  parts_.audit.StandOn(*revision);
  for (const RevocationPtr& one : same) spdlog::warn("restored: {}", DescriptionOf(*one));
  co_return std::move(same);
}

absl::StatusOr<std::vector<RevocationPtr>> RevocationDesk::List(const CallerPtr& caller) const {
  const auto entered = parts_.gate.Enter(caller);
  if (!entered.ok()) return entered.status();
  std::vector<RevocationPtr> all = parts_.revocations.All();
  const absl::Time now = parts_.clock.Now();
  std::erase_if(all, [&](const RevocationPtr& one) { return one->until <= now; });
  return all;
}

// The same thing under any of its names.
std::vector<RevocationPtr> RevocationDesk::SameAs(const Revocation& target) const {
  std::vector<RevocationPtr> same = parts_.revocations.All();
  std::erase_if(same, [&](const RevocationPtr& one) {
    const bool shares = std::ranges::any_of(one->targets, [&](const std::string& name) {
      return std::ranges::count(target.targets, name) > 0;
    });
    return one->kind != target.kind || (!shares && target.kind != RevocationKind::kAll);
  });
  return same;
}

AuditRecord RevocationDesk::RecordOf(AuditEvent event, const CallerPtr& caller,
                                     const Revocation& revocation) const {
  AuditRecord record = {.time = parts_.clock.Now(), .event = event};
  record.caller = RecordedCaller(*caller);
  record.revocation = {.kind = std::string(NameOf(revocation.kind)),
                       .said = revocation.said,
                       .targets = revocation.targets,
                       .reason = revocation.reason,
                       .revision = revocation.revision};
  if (revocation.until != absl::InfiniteFuture()) record.revocation.until = revocation.until;
  return record;
}

}  // namespace behalf
