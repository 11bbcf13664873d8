#include "daemon/audit/record_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/audit/audit_record.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

// O_RDWR, to see how it ends; O_NONBLOCK, so that a FIFO cannot hold us up.
constexpr int kOpenFlags =
    O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

// More than the longest record.
constexpr off_t kTailBytes = 256 * 1024;

absl::Status Refuse(const std::string& path, std::string_view why) {
  return MakeError(
      Reason::kAuditUnavailable,
      absl::StrCat("audit file ", path, ": ", absl::string_view(why.data(), why.size())));
}

absl::Status RefuseFor(const std::string& path, int error) {
  return Refuse(path, std::generic_category().message(error));
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

// The last `bytes` of the file; nothing when they cannot be read.
std::optional<std::string> TailOf(int file, off_t size, off_t bytes) {
  std::string tail(static_cast<std::size_t>(bytes), '\0');
  std::size_t got = 0;
  while (got < tail.size()) {
    const ssize_t more =
        ::pread(file, tail.data() + got, tail.size() - got, size - bytes + static_cast<off_t>(got));
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return std::nullopt;
    got += static_cast<std::size_t>(more);
  }
  return tail;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.push_back(line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

// The newest line that is in a chain, with the debris behind it; where there
// is none all lines are debris, before the first line of a new chain.
bool ReadEnd(std::string_view tail, RecordFile& found) {
  const std::vector<std::string_view> lines = LinesOf(tail);
  auto debris = lines.rbegin();
  std::optional<ChainLink> link;
  while (debris != lines.rend() && !(link = LinkOf(*debris))) ++debris;
  found.end = link ? ChainEnd{link->chain, link->seq, DigestOfLine(*debris)} : NewChain();
  found.revision = debris == lines.rend() ? 0 : RevisionIn(*debris);
  for (auto line = debris.base(); line != lines.end(); ++line) {
    found.end.digest = WithDebris(found.end.digest, *line);
    found.revision = std::max(found.revision, RevisionIn(*line));
  }
  found.open = !tail.empty() && !tail.ends_with('\n');
  return link.has_value();
}

}  // namespace

// All of a file is read only where no line at its end is in a chain: once,
// when it was written by a daemon that knew of none.
absl::StatusOr<RecordFile> OpenRecordFile(const std::string& path) {
  RecordFile found{.file = Descriptor(::open(path.c_str(), kOpenFlags, S_IRUSR | S_IWUSR))};
  if (found.file.get() < 0) return RefuseFor(path, errno);
  struct stat facts = {};
  if (::fstat(found.file.get(), &facts) != 0) return RefuseFor(path, errno);
  if (absl::Status status = CheckFile(path, facts); !status.ok()) return status;
  for (const off_t bytes : {std::min(facts.st_size, kTailBytes), facts.st_size}) {
    const auto tail = TailOf(found.file.get(), facts.st_size, bytes);
    if (!tail) return Refuse(path, "cannot be read");
    if (ReadEnd(*tail, found)) break;
  }
  return found;
}

}  // namespace behalf
