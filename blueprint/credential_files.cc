#include "blueprint/credential_files.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

CredentialFile FileOf(const SecretSource& source, const std::string& credentials_directory) {
  if (source.systemd_credential.empty()) return {.path = source.file, .source = &source};
  return {.path = credentials_directory.empty()
                      ? ""
                      : absl::StrCat(credentials_directory, "/", source.systemd_credential),
          .kind = SecretFileKind::kSystemdCredential,
          .source = &source};
}

absl::StatusOr<SecretString> Read(const CredentialFile& file) {
  if (file.path.empty()) return absl::FailedPreconditionError("there are no systemd credentials");
  return ReadSecretFile(file.path, file.kind);
}

}  // namespace

std::vector<CredentialFile> FilesOf(const Credential& credential,
                                    const std::string& credentials_directory) {
  return {FileOf(credential.secret, credentials_directory)};
}

absl::StatusOr<LoadedCredential> ReadCredential(const Credential& credential,
                                                const std::string& credentials_directory) {
  auto secret = Read(FileOf(credential.secret, credentials_directory));
  if (!secret.ok()) return secret.status();
  std::string basis = Sha256(secret->Reveal());
  return LoadedCredential{.secret = *std::move(secret), .basis = std::move(basis)};
}

}  // namespace behalf
