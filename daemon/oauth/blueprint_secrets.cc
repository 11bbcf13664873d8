#include "daemon/oauth/blueprint_secrets.h"

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/crypto/secret_file.h"

namespace behalf {

absl::StatusOr<SecretString> SecretsOnDisk::SecretOf(const Blueprint& blueprint) {
  const SecretSource& source = blueprint.secret;
  const bool by_systemd = !source.systemd_credential.empty();
  if (by_systemd && credentials_directory_.empty()) {
    return MakeError(Reason::kBlueprintDisabled);
  }
  auto secret =
      by_systemd
          ? ReadSecretFile(absl::StrCat(credentials_directory_, "/", source.systemd_credential),
                           SecretFileKind::kSystemdCredential)
          : ReadSecretFile(source.file, SecretFileKind::kFile);
  if (secret.ok()) return secret;
  return MakeError(ErrorDetail{.reason = Reason::kBlueprintDisabled,
                               .metadata = {{"problem", std::string(secret.status().message())}}});
}

}  // namespace behalf
