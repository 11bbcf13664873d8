#include "daemon/cli/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

// A JWT, or the 43 characters of a handle.
bool LooksLikeSecret(const std::string& path) {
  const bool base64url = std::ranges::all_of(
      path, [](unsigned char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_'; });
  return path.starts_with("eyJ") || (base64url && path.size() == 43);
}

std::string Shown(const std::string& path) {
  return LooksLikeSecret(path) ? "the file (was the secret given instead of its name?)" : path;
}

absl::Status Failed(std::string_view what, const std::string& path, int error) {
  return absl::FailedPreconditionError(
      Concat({"cannot ", what, " ", Shown(path), ": ", std::generic_category().message(error)}));
}

// Both return false with errno set when they fail.
bool ReadAll(int descriptor, std::string& bytes) {
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = read(descriptor, bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  bytes.resize(size);
  return true;
}

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

absl::Status ReadFile(const std::string& path, std::string& bytes) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failed("read", path, errno);
  const int error = ReadAll(descriptor, bytes) ? 0 : errno;
  close(descriptor);
  return error == 0 ? absl::OkStatus() : Failed("read", path, error);
}

void DropNewline(std::string& bytes) {
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
}

}  // namespace

absl::StatusOr<SecretString> ReadSecret(const std::string& path, std::istream& in) {
  std::string bytes(kMostSecretBytes + 3, '\0');
  if (path == "-") {
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
  } else if (absl::Status status = ReadFile(path, bytes); !status.ok()) {
    return status;
  }
  DropNewline(bytes);
  SecretString secret(std::move(bytes));
  const std::string name = path == "-" ? "the standard input" : Shown(path);
  if (secret.empty()) return absl::FailedPreconditionError(Concat({name, " is empty"}));
  if (secret.size() > kMostSecretBytes) {
    return absl::FailedPreconditionError(Concat({name, " is larger than 64 KiB"}));
  }
  return secret;
}

absl::StatusOr<SecretFile> SecretFile::Prepare(const std::string& path) {
  struct stat existing = {};
  if (lstat(path.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode)) {
    return absl::FailedPreconditionError(
        Concat({"cannot write ", Shown(path), ": it is not a plain file"}));
  }
  std::string draft = path + ".XXXXXX";
  const int descriptor = mkostemp(draft.data(), O_CLOEXEC);
  if (descriptor < 0) return Failed("write", path, errno);
  return SecretFile(path, std::move(draft), descriptor);
}

SecretFile::SecretFile(std::string path, std::string draft, int descriptor)
    : path_(std::move(path)), draft_(std::move(draft)), descriptor_(descriptor) {}

SecretFile::SecretFile(SecretFile&& other) noexcept
    : path_(std::move(other.path_)),
      draft_(std::move(other.draft_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

SecretFile::~SecretFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(draft_.c_str());
}

absl::Status SecretFile::Write(const SecretString& secret) {
  if (!WriteAll(descriptor_, secret.Reveal()) || fsync(descriptor_) != 0 ||
      rename(draft_.c_str(), path_.c_str()) != 0) {
    return Failed("write", path_, errno);
  }
  close(std::exchange(descriptor_, -1));
  return absl::OkStatus();
}

}  // namespace behalf::cli
