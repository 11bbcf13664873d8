#include "blueprint/credential_files.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

absl::StatusOr<SecretString> Read(const CredentialFile& file) {
  if (file.path.empty()) return absl::FailedPreconditionError("there are no systemd credentials");
  return ReadSecretFile(file.path, file.kind);
}

class FileList {
 public:
  FileList(const std::string& credentials_directory, bool mounted)
      : directory_(credentials_directory), mounted_(mounted) {}

  void AddFile(const std::string& path, SecretFileKind kind = SecretFileKind::kFile) {
    files_.push_back({.path = path,
                      .kind = mounted_ ? SecretFileKind::kProjected : kind,
                      .systemd_credential = {}});
  }
  void AddSystemd(const std::string& name) {
    files_.push_back({.path = directory_.empty() ? "" : absl::StrCat(directory_, "/", name),
                      .kind = SecretFileKind::kSystemdCredential,
                      .systemd_credential = name});
  }
  void Add(const SecretSource& source) {
    if (!source.file.empty()) AddFile(source.file);
    if (!source.systemd_credential.empty()) AddSystemd(source.systemd_credential);
  }
  void Add(const CertificateSource& source) {
    if (!source.systemd_credential.empty()) {
      AddSystemd(source.systemd_credential);
      if (!source.key.empty()) AddSystemd(source.key);
    } else if (!source.pkcs12.empty()) {
      AddFile(source.pkcs12);
    } else if (source.key.empty()) {
      AddFile(source.file);
    } else {
      AddFile(source.file, SecretFileKind::kPublic);
      AddFile(source.key);
    }
    Add(source.password);
  }

  std::vector<CredentialFile> Take() && { return std::move(files_); }

 private:
  const std::string& directory_;
  const bool mounted_;
  std::vector<CredentialFile> files_;
};

bool IsPem(const SecretString& text) {
  return text.Reveal().find("-----BEGIN ") != std::string_view::npos;
}

// The second file is the key, or the password of PKCS#12.
absl::StatusOr<SigningCertificate> Decode(const CertificateSource& source,
                                          const SecretString& first, const SecretString& second) {
  const bool pem = !source.file.empty() || (source.pkcs12.empty() && IsPem(first));
  if (!pem) return SigningCertificate::FromPkcs12(first, second);
  return SigningCertificate::FromPem(first.Reveal(), source.key.empty() ? first : second);
}

absl::StatusOr<LoadedCredential> ReadCertificate(const CertificateSource& source,
                                                 const std::vector<CredentialFile>& files) {
  std::vector<SecretString> texts;
  for (const CredentialFile& file : files) {
    auto text = Read(file);
    if (!text.ok()) return text.status();
    texts.push_back(*std::move(text));
  }
  if (texts.size() < 2) texts.emplace_back();
  auto decoded = Decode(source, texts[0], texts[1]);
  if (!decoded.ok()) {
    const std::string with = source.key.empty() ? "" : absl::StrCat(" with ", files.back().path);
    return absl::FailedPreconditionError(
        absl::StrCat(files[0].path, with, ": ", decoded.status().message()));
  }
  std::string basis = decoded->thumbprint();
  return LoadedCredential{
      .text = {},
      .certificate = std::make_shared<const SigningCertificate>(*std::move(decoded)),
      .basis = std::move(basis)};
}

// Three parts of base64url (RFC 7515 section 7.1).
bool LooksLikeAJwt(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  return text.find_first_not_of(kLetters) == std::string_view::npos &&
         std::count(text.begin(), text.end(), '.') == 2;
}

}  // namespace

std::vector<CredentialFile> FilesOf(const Credential& credential,
                                    const std::string& credentials_directory) {
  FileList files(credentials_directory, credential.mounted);
  switch (credential.kind) {
    case CredentialKind::kSecret:
      files.Add(credential.secret.source);
      break;
    case CredentialKind::kCertificate:
      files.Add(credential.certificate);
      break;
    case CredentialKind::kFederatedToken:
      files.AddFile(credential.federated_token, SecretFileKind::kProjected);
      break;
  }
  return std::move(files).Take();
}

absl::StatusOr<LoadedCredential> ReadCredential(const Credential& credential,
                                                const std::string& credentials_directory) {
  const std::vector<CredentialFile> files = FilesOf(credential, credentials_directory);
  if (credential.kind == CredentialKind::kCertificate) {
    return ReadCertificate(credential.certificate, files);
  }
  auto text = Read(files.front());
  if (!text.ok()) return text.status();
  if (credential.kind == CredentialKind::kFederatedToken && !LooksLikeAJwt(text->Reveal())) {
    return absl::FailedPreconditionError(
        absl::StrCat(files.front().path, ": does not hold a JWT; is it the right file?"));
  }
  std::string basis = Sha256(text->Reveal());
  return LoadedCredential{
      .text = *std::move(text), .certificate = nullptr, .basis = std::move(basis)};
}

Validity ValidityOf(const Credential& credential, const LoadedCredential& loaded) {
  if (loaded.certificate != nullptr) {
    return {.from = loaded.certificate->valid_from(), .until = loaded.certificate->valid_until()};
  }
  Validity validity;
  if (credential.kind == CredentialKind::kSecret) validity.until = credential.secret.expires_at;
  return validity;
}

std::string ShownToOperators(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string FaultAt(absl::Time now, const Credential& credential, const Validity& validity) {
  if (now < validity.from) {
    return absl::StrCat("the certificate is not valid before ", ShownToOperators(validity.from));
  }
  if (now < validity.until) return {};
  return absl::StrCat("the ",
                      credential.kind == CredentialKind::kCertificate ? "certificate" : "secret",
                      " expired at ", ShownToOperators(validity.until));
}

}  // namespace behalf
