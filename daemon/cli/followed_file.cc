#include "daemon/cli/followed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

absl::Status Unreadable(const std::string& path, int error) {
  return absl::FailedPreconditionError(
      Concat({"cannot read ", path, ": ", std::generic_category().message(error)}));
}

}  // namespace

bool FollowedFile::WasReplaced() const {
  struct stat there = {}, here = {};
  return ::stat(path_.c_str(), &there) == 0 && ::fstat(file_.get(), &here) == 0 &&
         (there.st_dev != here.st_dev || there.st_ino != here.st_ino);
}

// What a writer puts into the old file before it takes the new one is there
// by the time the new one is.
absl::Status FollowedFile::ReadOn(const Look& look) {
  if (file_.valid()) {
    const bool replaced = WasReplaced();
    if (absl::Status drained = Drain(look); !drained.ok() || !replaced) return drained;
  }
  file_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  rest_.clear();
  return file_.valid() ? Drain(look) : Unreadable(path_, errno);
}

absl::Status FollowedFile::Drain(const Look& look) {
  std::array<char, 1 << 16> block;
  while (true) {
    const ssize_t got = ::read(file_.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(path_, errno);
    if (got == 0) return absl::OkStatus();
    rest_.append(block.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end; (end = rest_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      look(rest_.substr(begin, end - begin));
    }
    rest_.erase(0, begin);
  }
}

}  // namespace behalf::cli
