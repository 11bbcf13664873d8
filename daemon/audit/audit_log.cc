#include "daemon/audit/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

// O_RDWR, to see whether the last line is whole; O_NONBLOCK, so that a FIFO
// cannot hold us up.
constexpr int kOpenFlags =
    O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

absl::Status Unavailable(std::string_view what) {
  return MakeError(Reason::kAuditUnavailable, what);
}

std::string ErrorText(int error) { return std::generic_category().message(error); }

absl::Status Refuse(const std::string& path, const std::string& why) {
  return Unavailable(absl::StrCat("audit file ", path, ": ", why));
}

absl::Status CheckFile(const std::string& path, const struct stat& file) {
  if (!S_ISREG(file.st_mode)) return Refuse(path, "is not a regular file");
  if (file.st_uid != ::geteuid()) {
    return Refuse(path, absl::StrCat("belongs to uid ", file.st_uid, ", not to the daemon's uid ",
                                     ::geteuid()));
  }
  if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Refuse(path, "may be written by others: remove that permission");
  }
  return absl::OkStatus();
}

bool EndsWithinLine(int file, off_t size) {
  char last = '\n';
  return size > 0 && (::pread(file, &last, 1, size - 1) != 1 || last != '\n');
}

// More than the longest record.
constexpr off_t kTailBytes = 256 * 1024;

// Of the newest whole record; what was torn off is none.
std::uint64_t RevisionAtTheEnd(int file, off_t size) {
  std::string tail(static_cast<std::size_t>(std::min(size, kTailBytes)), '\0');
  const ssize_t got = ::pread(file, tail.data(), tail.size(), size - std::ssize(tail));
  if (got < 0) return 0;
  const std::size_t end = tail.rfind('\n');
  if (end == std::string::npos) return 0;
  const std::size_t before = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  return RevisionIn(std::string_view(tail).substr(begin, end - begin));
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(std::string path) {
  absl::StatusOr<Opened> opened = OpenFile(path);
  if (!opened.ok()) return opened.status();
  return std::unique_ptr<AuditLog>(new AuditLog(std::move(path), *std::move(opened)));
}

AuditLog::AuditLog(std::string path, Opened opened)
    : path_(std::move(path)),
      found_revision_(opened.revision),
      file_(std::move(opened.file)),
      torn_(opened.torn) {}

absl::StatusOr<AuditLog::Opened> AuditLog::OpenFile(const std::string& path) {
  Descriptor file(::open(path.c_str(), kOpenFlags, S_IRUSR | S_IWUSR));
  if (file.get() < 0) return Refuse(path, ErrorText(errno));
  struct stat facts = {};
  if (::fstat(file.get(), &facts) != 0) return Refuse(path, ErrorText(errno));
  if (absl::Status status = CheckFile(path, facts); !status.ok()) return status;
  const bool torn = EndsWithinLine(file.get(), facts.st_size);
  const std::uint64_t revision = RevisionAtTheEnd(file.get(), facts.st_size);
  return Opened{std::move(file), torn, revision};
}

void AuditLog::StandOn(std::uint64_t revision) {
  std::uint64_t before = revision_.load(std::memory_order_acquire);
  while (before < revision && !revision_.compare_exchange_weak(before, revision)) {
  }
}

absl::Status AuditLog::Append(const AuditRecord& record) {
  const std::string line = "\n" + ToJsonLine(record, revision_.load(std::memory_order_acquire));
  const absl::MutexLock lock(&mutex_);
  return Write(torn_ ? std::string_view(line) : std::string_view(line).substr(1));
}

absl::Status AuditLog::Write(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(file_.get(), line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const std::string why = written < 0 ? ErrorText(errno) : "nothing was written";
      return Unavailable(absl::StrCat("the audit record cannot be written: ", why));
    }
    torn_ = line[static_cast<std::size_t>(written) - 1] != '\n';
    line.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status AuditLog::Reopen() {
  const absl::MutexLock lock(&mutex_);
  absl::StatusOr<Opened> opened = OpenFile(path_);
  if (!opened.ok()) return opened.status();
  std::swap(file_, opened->file);
  torn_ = opened->torn;
  return absl::OkStatus();
}

}  // namespace behalf
