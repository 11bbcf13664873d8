// Secrets in and out of files, never through arguments.
#pragma once

#include <istream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/base/secret_string.h"

namespace behalf::cli {

inline constexpr std::size_t kMostSecretBytes = std::size_t{64} << 10;

// What the file holds, or `in` when `path` is "-", without its last newline.
// Fails when it cannot be read, is empty or larger than kMostSecretBytes. A
// `path` that looks like a secret itself is not repeated in the error.
absl::StatusOr<SecretString> ReadSecret(const std::string& path, std::istream& in);

// A file that only its owner can read, and that appears at `path` whole or not
// at all. Prepare it before asking for the secret, so that none is lost for
// want of a place.
class SecretFile {
 public:
  // Fails when there is something at `path` that is not a plain file, or no
  // file can be made beside it.
  static absl::StatusOr<SecretFile> Prepare(const std::string& path);

  SecretFile(SecretFile&& other) noexcept;
  SecretFile& operator=(SecretFile&&) = delete;
  // Without a Write() nothing remains.
  ~SecretFile();

  absl::Status Write(const SecretString& secret);

 private:
  SecretFile(std::string path, std::string draft, int descriptor);

  std::string path_;
  std::string draft_;
  int descriptor_;
};

}  // namespace behalf::cli
