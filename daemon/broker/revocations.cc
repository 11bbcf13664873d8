#include "daemon/broker/revocations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/length_prefixed.h"
#include "daemon/broker/denial.h"

namespace behalf {
namespace {

// Provisional revisions never meet those of a store.
constexpr std::uint64_t kFirstProvisional = std::uint64_t{1} << 63;

constexpr std::size_t kRemembered = 1000;  // of what was taken out

}  // namespace

Involved InvolvedIn(const AuditRecord& record, const Agent* agent) {
  return {.agent = agent,
          .tool = record.tool,
          .tenant = record.user.tid,
          .object_id = record.user.oid,
          .subject_digest = record.subject_digest,
          .handle_digest = record.handle_digest,
          .token_digest = record.token.digest};
}

std::string_view NameOf(RevocationKind kind) {
  switch (kind) {
    case RevocationKind::kAll:
      return "all";
    case RevocationKind::kBlueprint:
      return "blueprint";
    case RevocationKind::kAgent:
      return "agent";
    case RevocationKind::kTool:
      return "tool";
    case RevocationKind::kUser:
      return "user";
    case RevocationKind::kHandle:
      return "handle";
    case RevocationKind::kToken:
      return "token";
  }
  return "unknown";
}

std::string DescriptionOf(const Revocation& revocation) {
  const std::string_view kind = NameOf(revocation.kind);
  std::string text(kind);
  if (!revocation.said.empty()) absl::StrAppend(&text, " ", revocation.said);
  absl::StrAppend(&text, " was revoked at ",
                  absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", revocation.at, absl::UTCTimeZone()),
                  " by ", revocation.by, ": ", revocation.reason);
  return text;
}

std::string RevocationTarget(RevocationKind kind, std::string_view name) {
  std::string target(1, static_cast<char>('0' + static_cast<int>(kind)));
  target.append(name);
  return target;
}

std::string UserTarget(std::string_view tenant, std::string_view object_id) {
  std::string target;
  AppendPart(target, tenant);
  AppendPart(target, object_id);
  return target;
}

Revocations::Revocations(std::vector<Revocation> from_store, const RevocationStore& store)
    : store_(store), next_provisional_(kFirstProvisional) {
  const absl::MutexLock lock(&mutex_);
  for (Revocation& stored : from_store) {
    Take(std::make_shared<const Revocation>(std::move(stored)));
  }
}

bool Revocations::Take(const RevocationPtr& revocation) {
  if (!by_revision_.try_emplace(revocation->revision, revocation).second) return false;
  Index(revocation);
  count_ = by_revision_.size();
  return true;
}

void Revocations::TakeOut(std::uint64_t revision) {
  const auto found = by_revision_.find(revision);
  if (found == by_revision_.end()) return;
  Unindex(*found->second);
  by_revision_.erase(found);
  count_ = by_revision_.size();
}

void Revocations::Index(const RevocationPtr& revocation) {
  if (revocation->kind == RevocationKind::kAll) {
    by_target_[RevocationTarget(RevocationKind::kAll, "")].push_back(revocation);
  }
  for (const std::string& name : revocation->targets) {
    by_target_[RevocationTarget(revocation->kind, name)].push_back(revocation);
  }
}

void Revocations::Unindex(const Revocation& revocation) {
  absl::erase_if(by_target_, [&](auto& entry) {
    std::erase_if(entry.second, [&](const RevocationPtr& one) { return *one == revocation; });
    return entry.second.empty();
  });
}

RevocationPtr Revocations::Look(RevocationKind kind, std::string_view name, absl::Time now) const {
  if (name.empty() && kind != RevocationKind::kAll) return nullptr;
  const auto found = by_target_.find(RevocationTarget(kind, name));
  if (found == by_target_.end()) return nullptr;
  for (const RevocationPtr& one : found->second) {
    if (Holds(*one, now)) return one;
  }
  return nullptr;
}

RevocationPtr Revocations::Find(const Involved& involved, absl::Time now) const {
  if (none()) return nullptr;
  using enum RevocationKind;
  std::vector<std::pair<RevocationKind, std::string>> names = {
      {kAll, ""},
      {kTool, std::string(involved.tool)},
      {kToken, std::string(involved.subject_digest)},
      {kToken, std::string(involved.token_digest)},
      {kHandle, std::string(involved.handle_digest)}};
  if (involved.agent != nullptr) {
    names.insert(names.end(), {{kAgent, involved.agent->name},
                               {kAgent, involved.agent->id},
                               {kBlueprint, involved.agent->blueprint->name},
                               {kBlueprint, involved.agent->blueprint->client_id}});
  }
  if (!involved.object_id.empty()) {
    names.emplace_back(kUser, UserTarget(involved.tenant, involved.object_id));
    names.emplace_back(kUser, UserTarget("", involved.object_id));
  }
  const absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [kind, name] : names) {
    if (RevocationPtr found = Look(kind, name, now)) return found;
  }
  return nullptr;
}

absl::StatusOr<Handouts::Permit> Revocations::HandOut(const Involved& involved, absl::Time now) {
  Handouts::Permit permit = handouts_.Enter();
  if (absl::Status knows = Knows(); !knows.ok()) return knows;
  if (const RevocationPtr found = Find(involved, now)) {
    return DeniedBy("revocation", Reason::kRevoked, DescriptionOf(*found));
  }
  return permit;
}

std::vector<RevocationPtr> Revocations::All() const {
  std::vector<RevocationPtr> all;
  const absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [revision, revocation] : by_revision_) all.push_back(revocation);
  return all;
}

std::uint64_t Revocations::Add(Revocation revocation) {
  {
    const absl::MutexLock lock(&mutex_);
    revocation.revision = next_provisional_++;
    Take(std::make_shared<const Revocation>(revocation));
    epoch_.fetch_add(1, std::memory_order_seq_cst);
  }
  handouts_.AwaitEarlier();
  return revocation.revision;
}

RevocationPtr Revocations::Settle(std::uint64_t provisional, Revocation durable) {
  auto settled = std::make_shared<const Revocation>(std::move(durable));
  bool held = false;
  {
    const absl::MutexLock lock(&mutex_);
    held = by_revision_.contains(provisional);
    if (!taken_out_.contains(settled->revision)) Take(settled);
    TakeOut(provisional);
    if (!held) epoch_.fetch_add(1, std::memory_order_seq_cst);
  }
  if (!held) handouts_.AwaitEarlier();
  return settled;
}

RevocationPtr Revocations::Learn(Revocation durable) {
  auto learned = std::make_shared<const Revocation>(std::move(durable));
  {
    const absl::MutexLock lock(&mutex_);
    if (!Take(learned)) return nullptr;
    epoch_.fetch_add(1, std::memory_order_seq_cst);
  }
  handouts_.AwaitEarlier();
  return learned;
}

void Revocations::Remove(const std::vector<std::uint64_t>& revisions) {
  const absl::MutexLock lock(&mutex_);
  for (const std::uint64_t revision : revisions) {
    TakeOut(revision);
    if (revision < kFirstProvisional) taken_out_.insert(revision);
  }
  while (taken_out_.size() > kRemembered) taken_out_.erase(taken_out_.begin());
}

}  // namespace behalf
