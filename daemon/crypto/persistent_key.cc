#include "daemon/crypto/persistent_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/descriptor.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/random.h"
#include "daemon/crypto/secret_file.h"

namespace behalf {
namespace {

constexpr std::size_t kKeyBytes = 32;

absl::Status Failed(const std::string& path, std::string_view what, int error) {
  return absl::FailedPreconditionError(absl::StrCat(
      path, ": ", absl::string_view(what.data(), what.size()), ": ", ::strerrordesc_np(error)));
}

int DigitValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

std::optional<SecretString> FromHex(std::string_view hex) {
  if (hex.size() != 2 * kKeyBytes) return std::nullopt;
  std::string bytes(kKeyBytes, '\0');
  for (std::size_t i = 0; i < kKeyBytes; ++i) {
    const int high = DigitValue(hex[2 * i]);
    const int low = DigitValue(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  return SecretString(std::move(bytes));
}

absl::StatusOr<SecretString> Load(const std::string& path) {
  absl::StatusOr<SecretString> text = ReadSecretFile(path, SecretFileKind::kFile);
  if (!text.ok()) return text.status();
  std::optional<SecretString> key = FromHex(text->Reveal());
  if (!key) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": does not hold a key of 64 hexadecimal digits; restore it or remove it"));
  }
  return std::move(*key);
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool WriteNewFile(int directory, const std::string& name) {
  const Descriptor file(::openat(directory, name.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid()) return false;
  std::string bytes = RandomBytes(kKeyBytes);
  std::string line = Hex(bytes) + "\n";
  const bool written =
      ::fchmod(file.get(), 0600) == 0 && WriteAll(file.get(), line) && ::fsync(file.get()) == 0;
  WipeString(bytes);
  WipeString(line);
  return written;
}

// Leaves `directory`/`name` whole, made by us or by somebody at the same time.
absl::Status Make(const std::string& path, int directory, const std::string& name) {
  const std::string draft = absl::StrCat(".", name, ".", Hex(RandomBytes(8)));
  if (!WriteNewFile(directory, draft)) {
    const int error = errno;
    ::unlinkat(directory, draft.c_str(), 0);
    return Failed(path, "the key cannot be written", error);
  }
  if (::renameat2(directory, draft.c_str(), directory, name.c_str(), RENAME_NOREPLACE) != 0) {
    const int error = errno;
    ::unlinkat(directory, draft.c_str(), 0);
    if (error != EEXIST) return Failed(path, "the key cannot be put in place", error);
  }
  if (::fsync(directory) != 0) return Failed(path, "the directory cannot be synced", errno);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SecretString> PersistentKey(const std::string& directory, const std::string& name) {
  const std::string path = absl::StrCat(directory, "/", name);
  const Descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return Failed(directory, "the directory cannot be opened", errno);
  struct stat existing = {};
  if (::fstatat(folder.get(), name.c_str(), &existing, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT) return Failed(path, "the key cannot be examined", errno);
    if (absl::Status status = Make(path, folder.get(), name); !status.ok()) return status;
  }
  return Load(path);
}

}  // namespace behalf
