// The audit file: lines are appended, never changed.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/audit/audit_record.h"
#include "daemon/audit/chain_link.h"
#include "daemon/audit/group_sync.h"
#include "daemon/audit/patient_mutex.h"
#include "daemon/audit/record_file.h"
#include "daemon/base/descriptor.h"
#include "daemon/crypto/ed25519.h"

namespace behalf {

enum class AuditDurability : std::uint8_t { kWrite, kFsync };

struct AuditLogOptions {
  std::optional<Ed25519PrivateKey> key = {};
  AuditDurability durability = AuditDurability::kWrite;
  // Hears of each head, without its newline; must not wait or come back.
  std::function<void(std::string_view head)> on_head = {};
  GroupSync::Sync sync = {};  // for tests
};

// Thread-safe. A record is one write(2) to a file opened for appending, so
// lines stay whole whoever else appends to it. What remains of a write that
// failed half-way is closed by a newline before the next record, also when
// another process left it.
//
// The lines are a chain (chain_link.h), which goes on from what the file holds
// that is opened, and from file to file when it is reopened. In a file without
// one a chain begins, and covers what stood there before.
//
// With a key, a signed line (AuditEvent::kHead) follows every thousandth
// record, the last before a reopening, and whenever SignHead says so.
//
// With kFsync a record is on disk when Append returns, or Append
// fails within seconds; those who append at a time share one fdatasync(2)
// (group_sync.h).
//
// A write(2) that the disk holds up holds up who made it. Others fail, within
// seconds.
//
// Failures are kAuditUnavailable; who cannot append gives no token. The
// process ignores SIGXFSZ, or a file size limit ends it.
class AuditLog {
 public:
  // Creates the file (0600) or opens it. Refuses what is not a regular file,
  // is a symbolic link, belongs to another user, or may be written by others.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(std::string path,
                                                        AuditLogOptions options = {});

  // OK means that write(2) has returned for the whole line, and with kFsync
  // that it is on disk.
  absl::Status Append(const AuditRecord& record) ABSL_LOCKS_EXCLUDED(mutex_);

  // Signs what stands in the log, where no head does yet.
  absl::Status SignHead(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // After a failure: appends these lines, which LineOf made, before any other
  // record. After a failure to sync only this makes the log serve again: it
  // opens the path anew, as what the old descriptor says counts no more.
  absl::Status Resume(const std::vector<std::string>& lines, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The record as a line, newline included, that stands on the revision.
  std::string LineOf(const AuditRecord& record) const;

  // Later records say that they stand on this revision of the state; of several
  // the highest counts, in whatever order they come.
  void StandOn(std::uint64_t revision);

  // The revision that later records stand on.
  std::uint64_t Revision() const { return revision_; }

  // The revision that the newest record said when the file was opened; 0 where
  // none did.
  std::uint64_t FoundRevision() const { return found_revision_; }

  // Opens the path anew, after a rotation, and appends `first` before any
  // other record. Keeps the old file when it cannot be opened.
  absl::Status Reopen(const AuditRecord& first) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr std::uint64_t kRecordsPerHead = 1000;

  AuditLog(std::string path, AuditLogOptions options, RecordFile opened);

  absl::Status Synced(std::optional<std::uint64_t> written);
  // `written`: what is still to be waited for.
  absl::Status AppendNow(std::string line, absl::Time now, std::optional<std::uint64_t>& written)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ResumeNow(const std::vector<std::string>& lines, absl::Time now,
                         std::optional<std::uint64_t>& written)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ReopenNow(std::string line, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status TakeAnew() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AppendRecord(std::string line, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AppendHead(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Signed where there is a signer.
  absl::Status AppendLine(std::string line, const Ed25519PrivateKey* signer = nullptr)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  const AuditLogOptions options_;
  const std::uint64_t found_revision_;
  std::atomic<std::uint64_t> revision_{0};
  PatientMutex mutex_{GroupSync::kPatience};
  std::shared_ptr<const Descriptor> file_ ABSL_GUARDED_BY(mutex_);
  bool open_ ABSL_GUARDED_BY(mutex_);  // the last line lacks its newline
  ChainEnd end_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t since_head_ ABSL_GUARDED_BY(mutex_) = 0;  // records
  absl::Time taken_anew_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::unique_ptr<GroupSync> sync_;  // null with kWrite
};

}  // namespace behalf
