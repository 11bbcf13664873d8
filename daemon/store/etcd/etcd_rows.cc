#include "daemon/store/etcd/etcd_rows.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "behalf/store/v1/state.pb.h"

namespace behalf {

std::string EtcdKeys::Revocation(std::uint64_t revision) const {
  return Revocations() + absl::StrFormat("%020d", revision);
}

std::string EtcdKeys::Handle(std::string_view id) const {
  return Handles() + absl::BytesToHexString(absl::string_view(id.data(), id.size()));
}

std::string EtcdKeys::Replica(std::string_view name) const {
  return prefix_ + "replicas/" + std::string(name);
}

std::optional<std::uint64_t> EtcdKeys::RevisionOf(std::string_view key) const {
  const std::string before = Revocations();
  if (!key.starts_with(before)) return std::nullopt;
  const std::string_view digits = key.substr(before.size());
  std::uint64_t revision = 0;
  const bool read = absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()), &revision);
  if (!read || key != Revocation(revision)) return std::nullopt;
  return revision;
}

std::string EncodeHead(std::uint64_t revision) {
  store::v1::StoredHead head;
  head.set_revision(revision);
  head.set_format(kEtcdFormat);
  return head.SerializeAsString();
}

std::optional<std::uint64_t> DecodeHead(const std::string& bytes) {
  store::v1::StoredHead head;
  if (!head.ParseFromString(bytes) || head.format() != kEtcdFormat) return std::nullopt;
  return head.revision();
}

std::string EncodeRevocation(const Revocation& revocation) {
  store::v1::StoredRevocation stored;
  stored.set_kind(static_cast<std::uint32_t>(revocation.kind));
  for (const std::string& target : revocation.targets) stored.add_targets(target);
  stored.set_said(revocation.said);
  stored.set_reason(revocation.reason);
  stored.set_by(revocation.by);
  stored.set_at(absl::ToUnixMicros(revocation.at));
  if (revocation.until != absl::InfiniteFuture()) {
    stored.set_until(absl::ToUnixMicros(revocation.until));
  }
  return stored.SerializeAsString();
}

std::optional<Revocation> DecodeRevocation(const std::string& bytes, std::uint64_t revision) {
  store::v1::StoredRevocation stored;
  const auto first = static_cast<std::uint32_t>(RevocationKind::kAll);
  const auto last = static_cast<std::uint32_t>(RevocationKind::kToken);
  if (!stored.ParseFromString(bytes)) return std::nullopt;
  if (stored.kind() < first || stored.kind() > last) return std::nullopt;
  Revocation revocation;
  revocation.revision = revision;
  revocation.kind = static_cast<RevocationKind>(stored.kind());
  revocation.targets.assign(stored.targets().begin(), stored.targets().end());
  revocation.said = stored.said();
  revocation.reason = stored.reason();
  revocation.by = stored.by();
  revocation.at = absl::FromUnixMicros(stored.at());
  if (stored.until() != 0) revocation.until = absl::FromUnixMicros(stored.until());
  return revocation;
}

std::string EncodeHandle(const HandleRow& row) {
  store::v1::StoredHandle stored;
  stored.set_sealed(row.sealed);
  stored.set_state(static_cast<std::uint32_t>(row.state));
  stored.set_request_digest(row.request_digest);
  stored.set_sealed_answer(row.sealed_answer);
  stored.set_expires_at(absl::ToUnixNanos(row.expires_at));
  stored.set_changed_at(absl::ToUnixNanos(row.changed_at));
  return stored.SerializeAsString();
}

std::optional<HandleRow> DecodeHandle(const std::string& bytes, std::int64_t version) {
  store::v1::StoredHandle stored;
  if (!stored.ParseFromString(bytes)) return std::nullopt;
  if (stored.state() > static_cast<std::uint32_t>(HandleState::kSpent)) return std::nullopt;
  HandleRow row;
  row.sealed = stored.sealed();
  row.state = static_cast<HandleState>(stored.state());
  row.request_digest = stored.request_digest();
  row.sealed_answer = stored.sealed_answer();
  row.expires_at = absl::FromUnixNanos(stored.expires_at());
  row.changed_at = absl::FromUnixNanos(stored.changed_at());
  row.version = static_cast<std::uint64_t>(version);
  return row;
}

}  // namespace behalf
