// Secrets from files that nobody else can read.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "daemon/base/secret_string.h"

namespace behalf {

enum class SecretFileKind {
  kFile,
  // In systemd's credentials directory (systemd.exec(5), LoadCredential):
  // the group bits show the mask of an access control list and say nothing.
  kSystemdCredential,
};

// Reads one secret: a regular file (no symbolic link, pipe or device), owned
// by root or the effective user, without permissions for group or others, of
// 1 byte to 64 KiB. One newline at its end is dropped. Thread-safe.
//
// Fails with a plain FailedPrecondition whose message is for an operator: the
// path, what is wrong and what to do; never the contents.
absl::StatusOr<SecretString> ReadSecretFile(const std::string& path, SecretFileKind kind);

}  // namespace behalf
