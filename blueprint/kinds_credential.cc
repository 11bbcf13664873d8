#include "absl/strings/str_cat.h"
#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

const Mapping<ClientSecret>& SecretMapping() {
  static const auto& mapping =
      (new Mapping<ClientSecret>("secret", "Where a client secret is; never the secret itself."))
          ->Optional(
              "file", [](auto& secret) -> auto& { return secret.source.file; },
              FileName("/etc/behalf/client-secret"),
              "A file that only the daemon's account can read. Relative to the document.")
          .Optional(
              "systemd", [](auto& secret) -> auto& { return secret.source.systemd_credential; },
              CredentialName(),
              "A systemd credential (LoadCredential= or LoadCredentialEncrypted=), by its "
              "name.")
          .Optional("expiresAt", &ClientSecret::expires_at, Instant("2027-01-31T00:00:00Z"),
                    "When the secret expires at the provider. It is warned about 30 days ahead; "
                    "from then on the blueprint is disabled.")
          .ExactlyOne({"file", "systemd"})
          .Confidential();
  return mapping;
}

const Mapping<SecretSource>& PasswordMapping() {
  static const auto& mapping =
      (new Mapping<SecretSource>("password", "Where a password is; never the password itself."))
          ->Optional("file", &SecretSource::file, FileName("/etc/behalf/pkcs12-password"),
                     "A file that only the daemon's account can read. Relative to the document.")
          .Optional("systemd", &SecretSource::systemd_credential, CredentialName(),
                    "A systemd credential, by its name.")
          .ExactlyOne({"file", "systemd"})
          .Confidential();
  return mapping;
}

// Beside a systemd credential `key` names another one, not a file.
void ReadKeyAsCredential(const Node& key, CertificateSource& source, Binder& binder) {
  static const Type<std::string>& name = *new Type<std::string>(CredentialName());
  const std::string outer = binder.Enter("`key` beside `systemd`");
  source.key.clear();
  name.read(key, source.key, binder);
  binder.Enter(outer);
}

void CheckCertificate(const Node& node, CertificateSource& source, Binder& binder) {
  const Node* const key = FindValue(node, "key");
  const Node* const password = FindValue(node, "password");
  if (key != nullptr && FindValue(node, "pkcs12") != nullptr) {
    binder.Error(*key, "`key` does not go with `pkcs12`",
                 "leave it out: a PKCS#12 file holds the certificate and its key");
  }
  if (password != nullptr && FindValue(node, "file") != nullptr) {
    binder.Error(*password, "`password` does not go with `file`",
                 "leave it out: a key in PEM form is read without password; or write `pkcs12`");
  }
  if (key != nullptr && FindValue(node, "systemd") != nullptr) {
    ReadKeyAsCredential(*key, source, binder);
  }
}

const Mapping<CertificateSource>& CertificateMapping() {
  static const auto& mapping =
      (new Mapping<CertificateSource>(
           "certificate", "Where a certificate and its RSA key are, of 2048 bits at least."))
          ->Optional("file", &CertificateSource::file, FileName("blueprint.pem"),
                     "A file in PEM form with the certificate and, unless `key` is given, its key. "
                     "Relative to the document.")
          .Optional("key", &CertificateSource::key, FileName("blueprint.key"),
                    "The key in PEM form, without a password: a file that only the daemon's "
                    "account can read, or beside `systemd` another systemd credential.")
          .Optional("systemd", &CertificateSource::systemd_credential, CredentialName(),
                    "A systemd credential in PEM form or PKCS#12, by its name.")
          .Optional("pkcs12", &CertificateSource::pkcs12, FileName("blueprint.p12"),
                    "A PKCS#12 file with both, which only the daemon's account can read.")
          .Optional("password", &CertificateSource::password, Struct(PasswordMapping()),
                    "The password of the PKCS#12.")
          .ExactlyOne({"file", "systemd", "pkcs12"})
          .Confidential()
          .Finally(CheckCertificate);
  return mapping;
}

const Mapping<Credential>& FederatedTokenMapping() {
  static const auto& mapping =
      (new Mapping<Credential>("federatedToken",
                               "A token of another issuer, which the provider's application "
                               "trusts (a federated identity credential)."))
          ->Required("file", &Credential::federated_token,
                     FileName("/var/run/secrets/azure/tokens/azure-identity-token"),
                     "The file that holds the token now; it is read again when it changes.")
          .Confidential();
  return mapping;
}

void CheckMounted(const Node& node, const Credential& credential, Binder& binder) {
  if (!credential.mounted) return;
  const Node& mounted = *FindValue(node, "mounted");
  if (credential.kind == CredentialKind::kFederatedToken) {
    binder.Error(mounted, "`mounted` does not go with `federatedToken`",
                 "leave it out: that file is always read as it is mounted");
  } else if (!credential.secret.source.systemd_credential.empty() ||
             !credential.certificate.systemd_credential.empty()) {
    binder.Error(mounted, "`mounted` does not go with `systemd`",
                 "leave it out: a systemd credential is no file of a volume");
  }
}

void SetKind(const Node& node, Credential& credential, Binder& binder) {
  if (FindValue(node, "certificate") != nullptr) credential.kind = CredentialKind::kCertificate;
  if (FindValue(node, "federatedToken") != nullptr) {
    credential.kind = CredentialKind::kFederatedToken;
  }
  CheckMounted(node, credential, binder);
}

}  // namespace

const Mapping<Credential>& CredentialMapping() {
  static const auto& mapping =
      (new Mapping<Credential>("credential", "How the blueprint proves itself to the provider."))
          ->Optional("secret", &Credential::secret, Struct(SecretMapping()),
                     "A client secret of the blueprint's application.")
          .Optional("certificate", &Credential::certificate, Struct(CertificateMapping()),
                    "A certificate of the blueprint's application.")
          .Optional("federatedToken", Self{}, Struct(FederatedTokenMapping()),
                    "A token file, such as Kubernetes writes for a service account.")
          .Optional("mounted", &Credential::mounted, Flag(), Default{"false"},
                    "`true`: the files are in a volume that an orchestrator made, such as "
                    "Kubernetes' of a Secret. Symbolic links are followed then, and others may "
                    "read the files but not write them.")
          .ExactlyOne({"secret", "certificate", "federatedToken"})
          .Confidential()
          .Finally(SetKind);
  return mapping;
}

}  // namespace behalf::loader
