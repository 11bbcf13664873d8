#include "tests/idp/credentials_file.h"

#include <openssl/pem.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/idp/state_directory.h"

namespace behalf::idp {
namespace {

std::string ReadBeside(const std::string& path, const std::string& name) {
  return ReadWholeFile((std::filesystem::path(path).parent_path() / name).string()).value_or("");
}

std::string ReadSecret(Fields& fields, const std::string& path) {
  const std::string inline_secret = fields.Text("secret", "");
  const std::string file = fields.Text("secretFile", "");
  if (!inline_secret.empty() && !file.empty()) {
    fields.Reject("secret", "or `secretFile` may be given, and not both");
  }
  if (file.empty()) return inline_secret;
  std::string text = ReadBeside(path, file);
  if (text.ends_with('\n')) text.pop_back();
  if (text.empty()) fields.Reject("secretFile", "cannot be read, or is empty");
  return text;
}

absl::Time ReadExpiry(Fields& fields) {
  const std::string text = fields.Text("secretExpires", "");
  absl::Time expires = absl::InfiniteFuture();
  std::string error;
  if (!text.empty() && !absl::ParseTime(absl::RFC3339_full, text, &expires, &error)) {
    fields.Reject("secretExpires", "must be a time such as \"2027-01-31T00:00:00Z\"");
  }
  return expires;
}

std::string Digest(const X509* certificate, const EVP_MD* algorithm) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  X509_digest(certificate, algorithm, digest, &size);
  return {reinterpret_cast<const char*>(digest), size};
}

std::optional<Certificate> ReadCertificate(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  KeyPtr key(certificate == nullptr ? nullptr : X509_get_pubkey(certificate.get()));
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return std::nullopt;
  return Certificate{Digest(certificate.get(), EVP_sha1()), Digest(certificate.get(), EVP_sha256()),
                     std::make_shared<const VerifyingKey>(std::move(key))};
}

void ReadCertificates(Fields& fields, const std::string& path, Credentials& credentials) {
  for (const std::string& name : fields.Texts("certificates", {})) {
    const auto certificate = ReadCertificate(ReadBeside(path, name));
    if (certificate.has_value()) {
      credentials.certificates.push_back(*certificate);
    } else {
      fields.Reject("certificates", absl::StrCat("name ", name, ", which is no RSA certificate"));
    }
  }
}

FederatedCredential ReadFederated(Fields& fields, const std::string& path) {
  FederatedCredential credential{fields.Text("issuer"),
                                 fields.Text("subject"),
                                 fields.Text("audience", "api://AzureADTokenExchange"),
                                 {}};
  const auto keys = ReadJwkSet(ReadBeside(path, fields.Text("keysFile")));
  if (!keys.has_value()) fields.Reject("keysFile", "cannot be read, or holds no RSA keys");
  credential.keys = keys.value_or(VerifyingKeys());
  return credential;
}

}  // namespace

Credentials ReadCredentials(Fields& fields, const std::string& path) {
  Credentials credentials;
  const std::string secret = ReadSecret(fields, path);
  const absl::Time expires = ReadExpiry(fields);
  if (!secret.empty()) credentials.secrets.push_back({secret, expires});
  ReadCertificates(fields, path, credentials);
  fields.Each("federatedCredentials", [&](Fields& federated) {
    credentials.federated.push_back(ReadFederated(federated, path));
  });
  return credentials;
}

}  // namespace behalf::idp
