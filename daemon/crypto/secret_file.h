// Secrets from files that nobody else can read.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/base/secret_string.h"

namespace behalf {

enum class SecretFileKind {
  kFile,
  // In systemd's credentials directory (systemd.exec(5), LoadCredential):
  // the group bits show the mask of an access control list and say nothing.
  kSystemdCredential,
  // A certificate without its key: anybody may read it.
  kPublic,
  // Kept fresh by somebody else, behind symbolic links and, in a container,
  // with a mode that lets others read it (Kubernetes' projected volumes).
  kProjected,
};

// Reads one secret: a regular file (no symbolic link, pipe or device), owned
// by root or the effective user, without permissions for group or others, of
// 1 byte to 64 KiB, except as its kind says; nobody else may write to it in any
// case. One newline at the end of a text is dropped. Thread-safe.
//
// Fails with a plain FailedPrecondition whose message is for an operator: the
// path, what is wrong and what to do; never the contents.
absl::StatusOr<SecretString> ReadSecretFile(const std::string& path, SecretFileKind kind);

// Tells one state of a file from another without reading it. Two states may
// look the same where one follows the other faster than the file system's
// clock ticks.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;  // since the Unix epoch
  std::int64_t changed_ns = 0;   // its contents, owner or mode

  bool operator==(const FileIdentity&) const = default;
};

// Of the file of that name as it is now; empty when there is none.
std::optional<FileIdentity> IdentifyFile(const std::string& path, SecretFileKind kind);

}  // namespace behalf
