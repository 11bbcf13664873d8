#include "daemon/audit/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

bool SameFile(const Descriptor& one, const Descriptor& other) {
  struct stat a = {}, b = {};
  return ::fstat(one.get(), &a) == 0 && ::fstat(other.get(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

absl::Status Unwritten(int error) {
  return MakeError(Reason::kAuditUnavailable, absl::StrCat("the audit record cannot be written: ",
                                                           std::generic_category().message(error)));
}

// So that a new file is found again.
bool SyncFolderOf(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const Descriptor file(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.valid() && ::fsync(file.get()) == 0;
}

// How much was written, and why no more; 0 where all was.
struct Written {
  std::size_t bytes = 0;
  int error = 0;
};

Written Write(int file, std::string_view text) {
  Written written;
  while (written.bytes < text.size()) {
    const ssize_t got = ::write(file, text.data() + written.bytes, text.size() - written.bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      written.error = got < 0 ? errno : EIO;
      break;
    }
    written.bytes += static_cast<std::size_t>(got);
  }
  return written;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(std::string path,
                                                         AuditLogOptions options) {
  absl::StatusOr<RecordFile> opened = OpenRecordFile(path);
  if (!opened.ok()) return opened.status();
  if (options.durability == AuditDurability::kFsync && !SyncFolderOf(path)) {
    return Unwritten(errno);
  }
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::move(path), std::move(options), *std::move(opened)));
}

AuditLog::AuditLog(std::string path, AuditLogOptions options, RecordFile opened)
    : path_(std::move(path)),
      options_(std::move(options)),
      found_revision_(opened.revision),
      file_(std::make_shared<const Descriptor>(std::move(opened.file))),
      open_(opened.open),
      end_(std::move(opened.end)) {
  if (options_.durability == AuditDurability::kFsync) {
    sync_ = std::make_unique<GroupSync>(file_, GroupSync::kPatience, options_.sync);
  }
}

std::string AuditLog::LineOf(const AuditRecord& record) const {
  return ToJsonLine(record, revision_.load(std::memory_order_acquire));
}

void AuditLog::StandOn(std::uint64_t revision) {
  std::uint64_t before = revision_.load(std::memory_order_acquire);
  while (before < revision && !revision_.compare_exchange_weak(before, revision)) {
  }
}

absl::Status AuditLog::Append(const AuditRecord& record) {
  std::string line = LineOf(record);
  std::optional<std::uint64_t> written;
  if (!mutex_.LockInTime()) return Unwritten(ETIMEDOUT);
  const absl::Status appended = AppendNow(std::move(line), record.time, written);
  mutex_.Unlock();
  return appended.ok() ? Synced(written) : appended;
}

absl::Status AuditLog::AppendNow(std::string line, absl::Time now,
                                 std::optional<std::uint64_t>& written) {
  if (const int error = sync_ ? sync_->Ready() : 0) return Unwritten(error);
  if (absl::Status status = AppendRecord(std::move(line), now); !status.ok()) return status;
  if (sync_) written = sync_->Written();
  return absl::OkStatus();
}

absl::Status AuditLog::Synced(std::optional<std::uint64_t> written) {
  const int error = written ? sync_->Wait(*written) : 0;
  return error == 0 ? absl::OkStatus() : Unwritten(error);
}

// The record stands, whatever becomes of the head.
absl::Status AuditLog::AppendRecord(std::string line, absl::Time now) {
  const absl::Status appended = AppendLine(std::move(line));
  if (appended.ok() && ++since_head_ >= kRecordsPerHead) AppendHead(now).IgnoreError();
  return appended;
}

absl::Status AuditLog::SignHead(absl::Time now) {
  std::optional<std::uint64_t> written;
  if (!mutex_.LockInTime()) return Unwritten(ETIMEDOUT);
  const absl::Status signed_now = AppendHead(now);
  if (sync_) written = sync_->Written();
  mutex_.Unlock();
  return signed_now.ok() ? Synced(written) : signed_now;
}

absl::Status AuditLog::AppendHead(absl::Time now) {
  if (!options_.key || since_head_ == 0) return absl::OkStatus();
  const Ed25519PrivateKey& key = *options_.key;
  absl::Status appended = AppendLine(
      LineOf({.time = now, .event = AuditEvent::kHead, .key = key.public_key().id()}), &key);
  if (appended.ok()) since_head_ = 0;
  return appended;
}

// A line that lacks its newline only is whole. What is left of a shorter one
// is debris: no byte is added to it any more.
absl::Status AuditLog::AppendLine(std::string line, const Ed25519PrivateKey* signer) {
  const ChainLink link = end_.Next();
  AddLink(line, link);
  if (signer != nullptr) AddSignature(line, *signer);
  const std::size_t before = open_ ? 1 : 0;
  if (open_) line.insert(0, "\n");
  const std::string_view whole = std::string_view(line).substr(before, line.size() - before - 1);
  const Written written = Write(file_->get(), line);
  if (written.bytes > 0) open_ = written.bytes > before && written.error != 0;
  if (written.bytes >= before + whole.size()) {
    end_ = {link.chain, link.seq, DigestOfLine(whole)};
  } else if (written.bytes > before) {
    end_.digest = WithDebris(end_.digest, whole.substr(0, written.bytes - before));
  }
  if (written.error != 0) return Unwritten(written.error);
  if (signer != nullptr && options_.on_head) options_.on_head(whole);
  return absl::OkStatus();
}

// Behind what another file holds already a chain does not fit, and is not
// meant to.
absl::Status AuditLog::TakeAnew() {
  absl::StatusOr<RecordFile> opened = OpenRecordFile(path_);
  if (!opened.ok()) return opened.status();
  if (sync_ && !SyncFolderOf(path_)) return Unwritten(errno);
  if (!SameFile(*file_, opened->file)) open_ = opened->open;
  file_ = std::make_shared<const Descriptor>(std::move(opened->file));
  return absl::OkStatus();
}

absl::Status AuditLog::Reopen(const AuditRecord& first) {
  std::string line = LineOf(first);
  if (!mutex_.LockInTime()) return Unwritten(ETIMEDOUT);
  const absl::Status reopened = ReopenNow(std::move(line), first.time);
  mutex_.Unlock();
  return reopened;
}

absl::Status AuditLog::ReopenNow(std::string line, absl::Time now) {
  AppendHead(now).IgnoreError();
  if (absl::Status taken = TakeAnew(); !taken.ok()) return taken;
  if (absl::Status status = AppendRecord(std::move(line), now); !status.ok()) return status;
  const int error = sync_ ? sync_->Use(file_) : 0;
  return error == 0 ? absl::OkStatus() : Unwritten(error);
}

absl::Status AuditLog::Resume(const std::vector<std::string>& lines, absl::Time now) {
  std::optional<std::uint64_t> written;
  if (!mutex_.LockInTime()) return Unwritten(ETIMEDOUT);
  const absl::Status resumed = ResumeNow(lines, now, written);
  mutex_.Unlock();
  return resumed.ok() ? Synced(written) : resumed;
}

// A disk that fails to sync is asked once a second, or each attempt would
// leave lines in the file.
absl::Status AuditLog::ResumeNow(const std::vector<std::string>& lines, absl::Time now,
                                 std::optional<std::uint64_t>& written) {
  const int broken = sync_ ? sync_->Ready() : 0;
  if (broken != 0) {
    const bool lately = now >= taken_anew_at_ && now < taken_anew_at_ + absl::Seconds(1);
    if (broken == ETIMEDOUT || lately) return Unwritten(broken);
    taken_anew_at_ = now;
    if (absl::Status taken = TakeAnew(); !taken.ok()) return taken;
  }
  for (const std::string& line : lines) {
    if (absl::Status status = AppendRecord(line, now); !status.ok()) return status;
  }
  if (broken != 0) {
    const int error = sync_->Use(file_);
    return error == 0 ? absl::OkStatus() : Unwritten(error);
  }
  if (sync_) written = sync_->Written();
  return absl::OkStatus();
}

}  // namespace behalf
