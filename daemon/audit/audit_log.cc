#include "daemon/audit/audit_log.h"

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
                                                         std::optional<Ed25519PrivateKey> key) {
  absl::StatusOr<RecordFile> opened = OpenRecordFile(path);
  if (!opened.ok()) return opened.status();
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::move(path), std::move(key), *std::move(opened)));
}

AuditLog::AuditLog(std::string path, std::optional<Ed25519PrivateKey> key, RecordFile opened)
    : path_(std::move(path)),
      key_(std::move(key)),
      found_revision_(opened.revision),
      file_(std::move(opened.file)),
      open_(opened.open),
      end_(std::move(opened.end)) {}

std::string AuditLog::LineOf(const AuditRecord& record) const {
  return "\n" + ToJsonLine(record, revision_.load(std::memory_order_acquire));
}

void AuditLog::StandOn(std::uint64_t revision) {
  std::uint64_t before = revision_.load(std::memory_order_acquire);
  while (before < revision && !revision_.compare_exchange_weak(before, revision)) {
  }
}

absl::Status AuditLog::Append(const AuditRecord& record) {
  std::string line = LineOf(record);
  const absl::MutexLock lock(&mutex_);
  return AppendRecord(std::move(line), record.time);
}

// The record stands, whatever becomes of the head.
absl::Status AuditLog::AppendRecord(std::string line, absl::Time now) {
  const absl::Status appended = AppendLine(std::move(line));
  if (appended.ok() && ++since_head_ >= kRecordsPerHead) AppendHead(now).IgnoreError();
  return appended;
}

absl::Status AuditLog::SignHead(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  return AppendHead(now);
}

absl::Status AuditLog::AppendHead(absl::Time now) {
  if (!key_ || since_head_ == 0) return absl::OkStatus();
  const absl::Status appended = AppendLine(
      LineOf({.time = now, .event = AuditEvent::kHead, .key = key_->public_key().id()}), &*key_);
  if (appended.ok()) since_head_ = 0;
  return appended;
}

// A line that lacks its newline only is whole. What is left of a shorter one
// is debris: no byte is added to it any more.
absl::Status AuditLog::AppendLine(std::string line, const Ed25519PrivateKey* signer) {
  const ChainLink link = end_.Next();
  AddLink(line, link);
  if (signer != nullptr) AddSignature(line, *signer);
  const std::string_view whole = std::string_view(line).substr(1, line.size() - 2);
  const std::size_t before = open_ ? 1 : 0;
  const Written written = Write(file_.get(), std::string_view(line).substr(1 - before));
  if (written.bytes > 0) open_ = written.bytes > before && written.error != 0;
  if (written.bytes >= before + whole.size()) {
    end_ = {link.chain, link.seq, DigestOfLine(whole)};
  } else if (written.bytes > before) {
    end_.digest = WithDebris(end_.digest, whole.substr(0, written.bytes - before));
  }
  if (written.error == 0) return absl::OkStatus();
  return MakeError(Reason::kAuditUnavailable,
                   absl::StrCat("the audit record cannot be written: ",
                                std::generic_category().message(written.error)));
}

// Behind what another file holds already a chain does not fit, and is not
// meant to.
absl::Status AuditLog::Reopen(const AuditRecord& first) {
  std::string line = LineOf(first);
  const absl::MutexLock lock(&mutex_);
  absl::StatusOr<RecordFile> opened = OpenRecordFile(path_);
  if (!opened.ok()) return opened.status();
  AppendHead(first.time).IgnoreError();
  if (!SameFile(file_, opened->file)) {
    file_ = std::move(opened->file);
    open_ = opened->open;
  }
  return AppendRecord(std::move(line), first.time);
}

}  // namespace behalf
