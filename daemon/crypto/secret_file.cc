#include "daemon/crypto/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <cstddef>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/base/descriptor.h"

namespace behalf {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;

absl::Status Refused(const std::string& path, const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", what));
}

std::string WhyNotOpened(int error) {
  if (error == ELOOP) return "is a symbolic link; name the file itself";
  if (error == ENOENT) return "does not exist; create it";
  if (error == EACCES) return "cannot be read by this user; make this user its owner";
  return absl::StrCat("cannot be opened: ", ::strerrordesc_np(error));
}

mode_t ForbiddenMode(SecretFileKind kind) {
  switch (kind) {
    case SecretFileKind::kFile:
      return 0077;
    case SecretFileKind::kSystemdCredential:
      return 0007;
    case SecretFileKind::kPublic:
    case SecretFileKind::kProjected:
      return 0022;
  }
  return 07777;
}

// PKCS#12 begins so (a DER sequence with a long length), and may end with a byte
// that is no newline. No text begins so.
bool IsDer(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == '\x30' && static_cast<unsigned char>(bytes[1]) > 0x80;
}

absl::Status CheckOwnership(const std::string& path, const struct stat& file, SecretFileKind kind) {
  if (file.st_uid != 0 && file.st_uid != ::geteuid()) {
    return Refused(path, absl::StrFormat("belongs to uid %d; it must belong to root or to uid %d",
                                         file.st_uid, ::geteuid()));
  }
  const mode_t forbidden = ForbiddenMode(kind);
  if ((file.st_mode & forbidden) != 0) {
    return Refused(
        path, absl::StrFormat("has mode %04o, so others have access to it; chmod it 0%o",
                              file.st_mode & 07777, file.st_mode & 0777 & ~(forbidden | 0022)));
  }
  return absl::OkStatus();
}

absl::Status CheckFile(const std::string& path, const struct stat& file, SecretFileKind kind) {
  if (!S_ISREG(file.st_mode)) return Refused(path, "is not a regular file; name one");
  if (absl::Status status = CheckOwnership(path, file, kind); !status.ok()) return status;
  if (file.st_size > static_cast<off_t>(kMaxBytes)) {
    return Refused(path, "is larger than 64 KiB; is it the right file?");
  }
  return absl::OkStatus();
}

// At most `buffer.size()` bytes; -1 on an error. No copy of the bytes is left
// behind, because the buffer never grows.
ssize_t ReadAll(int fd, std::string& buffer) {
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t got = ::read(fd, buffer.data() + size, buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(size);
}

std::int64_t Nanoseconds(const struct timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

absl::StatusOr<SecretString> ReadSecretFile(const std::string& path, SecretFileKind kind) {
  const int links = kind == SecretFileKind::kProjected ? 0 : O_NOFOLLOW;
  const Descriptor fd(::open(path.c_str(), O_RDONLY | links | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.valid()) return Refused(path, WhyNotOpened(errno));
  struct stat file = {};
  if (::fstat(fd.get(), &file) != 0) return Refused(path, "cannot be examined");
  if (absl::Status status = CheckFile(path, file, kind); !status.ok()) return status;

  std::string buffer(kMaxBytes + 1, '\0');
  const ssize_t size = ReadAll(fd.get(), buffer);
  std::string_view bytes(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (bytes.ends_with('\n') && !IsDer(bytes)) bytes.remove_suffix(1);
  SecretString secret(bytes);
  WipeString(buffer);

  if (size < 0) return Refused(path, "cannot be read to its end");
  if (size > static_cast<ssize_t>(kMaxBytes)) return Refused(path, "is larger than 64 KiB");
  if (secret.empty()) return Refused(path, "is empty; write the secret into it");
  return secret;
}

std::optional<FileIdentity> IdentifyFile(const std::string& path, SecretFileKind kind) {
  struct stat file = {};
  const int links = kind == SecretFileKind::kProjected ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::fstatat(AT_FDCWD, path.c_str(), &file, links) != 0) return std::nullopt;
  return FileIdentity{.device = file.st_dev,
                      .inode = file.st_ino,
                      .size = file.st_size,
                      .modified_ns = Nanoseconds(file.st_mtim),
                      .changed_ns = Nanoseconds(file.st_ctim)};
}

}  // namespace behalf
