// The record of what was done, as the rest of the daemon sees it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/audit/audit_log.h"
#include "daemon/audit/audit_record.h"
#include "daemon/audit/audit_reserve.h"
#include "daemon/audit/denial_quota.h"
#include "daemon/audit/group_sync.h"
#include "daemon/audit/patient_mutex.h"

namespace behalf {

// Implementations are thread-safe.
class AuditSink {
 public:
  virtual ~AuditSink() = default;

  // kAuditUnavailable when the record is not written: then no token may
  // leave. OK for a refusal beyond the quota, which is counted instead.
  virtual absl::Status Record(const AuditRecord& record) = 0;

  // Later records say that they stand on this revision of the state.
  virtual void StandOn(std::uint64_t revision) = 0;
};

// A file, and a quota per user id for what gives no token (kDenied, kFailed and
// kExplained), so that nobody fills the disk by being refused, or by asking. Everything else
// is always written. What was left out is summarised, one line per user,
// before the first record after its minute.
//
// While the file cannot be written, that is said in a reserve beside it, and
// what is revoked is recorded there. Each record is another attempt; with the
// first that succeeds the reserve goes into the file, and a line that says
// since when how much was refused.
class AuditTrail final : public AuditSink {
 public:
  static absl::StatusOr<std::unique_ptr<AuditTrail>> Open(std::string path, int denials_per_minute,
                                                          AuditLogOptions options = {});

  absl::Status Record(const AuditRecord& record) override ABSL_LOCKS_EXCLUDED(outage_mutex_);
  void StandOn(std::uint64_t revision) override { log_->StandOn(revision); }

  // What StandOn said.
  std::uint64_t Revision() const { return log_->Revision(); }

  // What the newest record of before said; 0 where none did.
  std::uint64_t FoundRevision() const { return log_->FoundRevision(); }

  // Whether an outage could be recorded (audit_reserve.h).
  const absl::Status& ReserveProblem() const { return reserve_problem_; }

  // For quiet times: ends an outage that can end, writes the summaries that are due, and once a
  // minute a head. What fails stays due.
  absl::Status Flush(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // After a rotation of the file: opens it anew and records that. On failure
  // the old file stays in use.
  absl::Status Reopen(absl::Time now);

  // Writes all summaries, the record that the daemon stops, and a head.
  absl::Status Stop(absl::Time now);

 private:
  AuditTrail(std::unique_ptr<AuditLog> log, const std::string& reserve, int denials_per_minute);

  absl::Status Write(const AuditRecord& record) ABSL_LOCKS_EXCLUDED(outage_mutex_);
  // `why`: what the log said of the record.
  absl::Status Miss(const AuditRecord& record, absl::Status why) ABSL_LOCKS_EXCLUDED(outage_mutex_);
  // Whether the record is kept in the reserve.
  bool Reserve(const AuditRecord& record, const absl::Status& why)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(outage_mutex_);
  absl::Status EndOutage(absl::Time now) ABSL_LOCKS_EXCLUDED(outage_mutex_);
  absl::Status EndOutageNow(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(outage_mutex_);
  bool HeadIsDue(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Summarise(absl::Time now, const std::vector<SuppressedDenials>& suppressed);

  static constexpr absl::Duration kHeadEvery = absl::Minutes(1);

  const std::unique_ptr<AuditLog> log_;
  DenialQuota quota_;
  std::atomic<bool> in_outage_;
  std::atomic<bool> noted_{false};        // that it began, in this process
  std::atomic<std::int64_t> refused_{0};  // answers, meanwhile
  PatientMutex outage_mutex_{GroupSync::kPatience};
  AuditReserve reserve_ ABSL_GUARDED_BY(outage_mutex_);
  const absl::Status reserve_problem_;
  std::optional<absl::Time> outage_since_ ABSL_GUARDED_BY(outage_mutex_);  // in this process
  absl::Mutex mutex_;
  absl::Time head_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // when the last was due
};

}  // namespace behalf
