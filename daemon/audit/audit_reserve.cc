#include "daemon/audit/audit_reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

absl::Status Problem(const std::string& path, int error) {
  return absl::FailedPreconditionError(
      absl::StrCat("there is no reserve ", path, ": ", std::generic_category().message(error)));
}

bool WriteAt(int file, std::string_view text, std::size_t at) {
  while (!text.empty()) {
    const ssize_t written = ::pwrite(file, text.data(), text.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

AuditReserve::AuditReserve(const std::string& path) : problem_(Open(path)) {
  if (!problem_.ok()) file_.Close();
}

absl::Status AuditReserve::Open(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  file_ = Descriptor(::open(path.c_str(), kFlags, S_IRUSR | S_IWUSR));
  struct stat facts = {};
  if (!file_.valid() || ::fstat(file_.get(), &facts) != 0) return Problem(path, errno);
  if (!S_ISREG(facts.st_mode) || facts.st_uid != ::geteuid() ||
      (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Problem(path, EPERM);
  }
  const bool whole = facts.st_size == static_cast<off_t>(kBytes);
  return (whole ? Read() : Fill()).ok() ? absl::OkStatus() : Problem(path, errno);
}

absl::Status AuditReserve::Fill() {
  const bool filled = ::ftruncate(file_.get(), 0) == 0 &&
                      WriteAt(file_.get(), std::string(kBytes, '\n'), 0) &&
                      ::fsync(file_.get()) == 0;
  return filled ? absl::OkStatus() : absl::UnknownError("");
}

absl::Status AuditReserve::Read() {
  std::string text(kBytes, '\0');
  const ssize_t got = ::pread(file_.get(), text.data(), text.size(), 0);
  if (got != static_cast<ssize_t>(kBytes)) return absl::UnknownError("");
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.starts_with('{') && line.ends_with('}')) {
      lines_.emplace_back(line);
      used_ = static_cast<std::size_t>(line.data() - text.data()) + line.size() + 1;
    }
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return absl::OkStatus();
}

// A newline stays at the end.
bool AuditReserve::Note(std::string_view line) {
  if (!file_.valid() || used_ + line.size() + 1 > kBytes) return false;
  if (!WriteAt(file_.get(), line, used_)) return false;
  used_ += line.size() + 1;
  lines_.emplace_back(line);
  return true;
}

bool AuditReserve::Add(std::string_view line) {
  return Note(line) && ::fdatasync(file_.get()) == 0;
}

void AuditReserve::Clear() {
  lines_.clear();
  if (!file_.valid() || used_ == 0) return;
  if (WriteAt(file_.get(), std::string(used_, '\n'), 0)) ::fdatasync(file_.get());
  used_ = 0;
}

}  // namespace behalf
