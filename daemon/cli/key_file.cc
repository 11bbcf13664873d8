#include "daemon/cli/key_file.h"

#include "absl/strings/str_cat.h"
#include "daemon/cli/lines.h"

namespace behalf::cli {
namespace {

constexpr std::size_t kMostKeyBytes = 4096;

}  // namespace

absl::StatusOr<Ed25519PublicKey> ReadKeyFile(const std::string& path) {
  std::string pem;
  absl::Status read = ReadLines(path, [&pem](const std::string& line, bool) {
    pem += line + "\n";
    return pem.size() < kMostKeyBytes;
  });
  if (!read.ok()) return read;
  auto key = Ed25519PublicKey::FromPem(pem);
  if (!key.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(path, " ", key.status().message()));
  }
  return key;
}

}  // namespace behalf::cli
