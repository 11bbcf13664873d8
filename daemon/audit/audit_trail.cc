#include "daemon/audit/audit_trail.h"

#include <string_view>
#include <utility>

#include "daemon/base/error.h"

namespace behalf {
namespace {

bool HasQuota(AuditEvent event) {
  return event == AuditEvent::kDenied || event == AuditEvent::kFailed ||
         event == AuditEvent::kExplained;
}

std::string_view WithoutNewline(std::string_view line) { return line.substr(0, line.size() - 1); }

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
                                                             AuditLogOptions options) {
  const std::string reserve = path + ".reserve";
  absl::StatusOr<std::unique_ptr<AuditLog>> log =
      AuditLog::Open(std::move(path), std::move(options));
  if (!log.ok()) return log.status();
  return std::unique_ptr<AuditTrail>(new AuditTrail(*std::move(log), reserve, denials_per_minute));
}

// What is in the reserve a daemon before could not record.
AuditTrail::AuditTrail(std::unique_ptr<AuditLog> log, const std::string& reserve,
                       int denials_per_minute)
    : log_(std::move(log)),
      quota_(denials_per_minute),
      reserve_(reserve),
      reserve_problem_(reserve_.problem()) {
  in_outage_ = !reserve_.lines().empty();
}

// A summary that fails is kept and does not decide: the record itself does.
absl::Status AuditTrail::Record(const AuditRecord& record) {
  Summarise(record.time, quota_.TakeDue(record.time)).IgnoreError();
  if (HasQuota(record.event) && !quota_.Admit(record.caller.uid, record.time)) {
    return absl::OkStatus();
  }
  return Write(record);
}

absl::Status AuditTrail::Write(const AuditRecord& record) {
  absl::Status status = in_outage_ ? EndOutage(record.time) : absl::OkStatus();
  if (status.ok()) status = log_->Append(record);
  return status.ok() ? status : Miss(record, std::move(status));
}

// Who is refused does not wait for the disk, once it is noted why.
absl::Status AuditTrail::Miss(const AuditRecord& record, absl::Status why) {
  const bool to_keep = !noted_ || record.event == AuditEvent::kRevoked;
  if (to_keep && outage_mutex_.LockInTime()) {
    const bool kept = Reserve(record, why);
    outage_mutex_.Unlock();
    if (kept) return absl::OkStatus();
  }
  if (!HasQuota(record.event)) ++refused_;
  return why;
}

bool AuditTrail::Reserve(const AuditRecord& record, const absl::Status& why) {
  if (!outage_since_) {
    outage_since_ = record.time;
    reserve_.Note(WithoutNewline(log_->LineOf({.time = record.time,
                                               .event = AuditEvent::kUnwritable,
                                               .detail = std::string(why.message())})));
    in_outage_ = noted_ = true;
  }
  return record.event == AuditEvent::kRevoked && reserve_.Add(WithoutNewline(log_->LineOf(record)));
}

absl::Status AuditTrail::EndOutage(absl::Time now) {
  if (!outage_mutex_.LockInTime()) {
    return MakeError(Reason::kAuditUnavailable, "the disk of the audit record is slow");
  }
  const absl::Status ended = in_outage_ ? EndOutageNow(now) : absl::OkStatus();
  outage_mutex_.Unlock();
  return ended;
}

absl::Status AuditTrail::EndOutageNow(absl::Time now) {
  std::vector<std::string> lines;
  for (const std::string& line : reserve_.lines()) lines.push_back(line + "\n");
  const std::int64_t refused = refused_;
  lines.push_back(log_->LineOf(
      {.time = now, .event = AuditEvent::kResumed, .suppressed = refused, .since = outage_since_}));
  if (absl::Status status = log_->Resume(lines, now); !status.ok()) return status;
  refused_ -= refused;
  outage_since_.reset();
  in_outage_ = noted_ = false;
  reserve_.Clear();
  return absl::OkStatus();
}

absl::Status AuditTrail::Flush(absl::Time now) {
  absl::Status flushed = in_outage_ ? EndOutage(now) : absl::OkStatus();
  if (flushed.ok()) flushed = Summarise(now, quota_.TakeDue(now));
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
  const absl::Status stopped = Write({.time = now, .event = AuditEvent::kStopped});
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
