// What the files that a credential names hold.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/base/secret_string.h"
#include "daemon/crypto/secret_file.h"

namespace behalf {

struct CredentialFile {
  std::string path;  // empty: a systemd credential, and there are none
  SecretFileKind kind = SecretFileKind::kFile;
  const SecretSource* source = nullptr;  // in the credential
};

// All files of the credential, those that are not there included.
// `credentials_directory` is systemd's, empty when there is none.
std::vector<CredentialFile> FilesOf(const Credential& credential,
                                    const std::string& credentials_directory);

struct LoadedCredential {
  SecretString secret;
  std::string basis;  // digest of all that was read
};

// Reads the files whole. Fails with a plain FailedPrecondition whose message
// is for an operator: the path, what is wrong and what to do. Thread-safe.
absl::StatusOr<LoadedCredential> ReadCredential(const Credential& credential,
                                                const std::string& credentials_directory);

}  // namespace behalf
