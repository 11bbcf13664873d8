#include "daemon/audit/audit_trail.h"

#include <utility>

namespace behalf {
namespace {

bool HasQuota(AuditEvent event) {
  return event == AuditEvent::kDenied || event == AuditEvent::kFailed ||
         event == AuditEvent::kExplained;
}

AuditRecord SummaryOf(const SuppressedDenials& suppressed, absl::Time now) {
  return {.time = now,
          .event = AuditEvent::kDenialsSummarised,
          .caller = {.uid = suppressed.uid},
          .suppressed = suppressed.count,
          .since = suppressed.since};
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditTrail>> AuditTrail::Open(std::string path,
                                                             int denials_per_minute,
                                                             std::optional<Ed25519PrivateKey> key) {
  absl::StatusOr<std::unique_ptr<AuditLog>> log = AuditLog::Open(std::move(path), std::move(key));
  if (!log.ok()) return log.status();
  return std::unique_ptr<AuditTrail>(new AuditTrail(*std::move(log), denials_per_minute));
}

// A summary that fails is kept and does not decide: the record itself does.
absl::Status AuditTrail::Record(const AuditRecord& record) {
  Summarise(record.time, quota_.TakeDue(record.time)).IgnoreError();
  if (HasQuota(record.event) && !quota_.Admit(record.caller.uid, record.time)) {
    return absl::OkStatus();
  }
  return log_->Append(record);
}

absl::Status AuditTrail::Flush(absl::Time now) {
  absl::Status flushed = Summarise(now, quota_.TakeDue(now));
  if (flushed.ok() && HeadIsDue(now)) flushed = log_->SignHead(now);
  return flushed;
}

bool AuditTrail::HeadIsDue(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  if (now >= head_at_ && now < head_at_ + kHeadEvery) return false;
  head_at_ = now;
  return true;
}

absl::Status AuditTrail::Reopen(absl::Time now) {
  return log_->Reopen({.time = now, .event = AuditEvent::kReopened});
}

absl::Status AuditTrail::Stop(absl::Time now) {
  Summarise(now, quota_.TakeAll()).IgnoreError();
  const absl::Status stopped = log_->Append({.time = now, .event = AuditEvent::kStopped});
  log_->SignHead(now).IgnoreError();
  return stopped;
}

absl::Status AuditTrail::Summarise(absl::Time now,
                                   const std::vector<SuppressedDenials>& suppressed) {
  absl::Status status;
  for (const SuppressedDenials& denials : suppressed) {
    if (status.ok()) status = log_->Append(SummaryOf(denials, now));
    if (!status.ok()) quota_.Return(denials);
  }
  return status;
}

}  // namespace behalf
