#include "daemon/audit/head_key.h"

#include <cstdio>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/crypto/persistent_key.h"

namespace behalf {
namespace {

bool WriteText(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return !file.fail();
}

}  // namespace

absl::StatusOr<Ed25519PrivateKey> HeadKey(const std::string& state_directory) {
  const auto seed = PersistentKey(state_directory, "audit-head.key");
  if (!seed.ok()) return seed.status();
  Ed25519PrivateKey key(*seed);
  const std::string path = HeadKeyFile(state_directory), draft = path + ".new";
  if (!WriteText(draft, key.public_key().Pem()) || std::rename(draft.c_str(), path.c_str()) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(path, " cannot be written"));
  }
  return key;
}

std::string HeadKeyFile(const std::string& state_directory) {
  return absl::StrCat(state_directory, "/audit-head.pub");
}

}  // namespace behalf
