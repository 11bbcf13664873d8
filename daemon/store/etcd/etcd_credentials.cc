#include "daemon/store/etcd/etcd_credentials.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/crypto/key_pair.h"

namespace behalf {
namespace {

absl::StatusOr<std::string> ReadPem(const std::string& path, SecretFileKind kind) {
  if (path.empty()) return "";
  const auto read = ReadSecretFile(path, kind);
  if (!read.ok()) return read.status();
  return std::string(read->Reveal());
}

}  // namespace

absl::StatusOr<std::unique_ptr<EtcdCredentials>> EtcdCredentials::Read(EtcdCredentialFiles files,
                                                                       Told told) {
  std::unique_ptr<EtcdCredentials> made(new EtcdCredentials(std::move(files), std::move(told)));
  const absl::MutexLock lock(&made->mutex_);
  made->looked_at_ = made->Identify();
  if (absl::Status read = made->ReadAgain(); !read.ok()) return read;
  return made;
}

std::shared_ptr<grpc::ChannelCredentials> EtcdCredentials::Current() {
  const absl::MutexLock lock(&mutex_);
  // Before they are read: what changes meanwhile is read the next time.
  Identities now = Identify();
  if (now == looked_at_) return current_;
  looked_at_ = std::move(now);
  told_(ReadAgain());
  return current_;
}

EtcdCredentials::Identities EtcdCredentials::Identify() const {
  return {IdentifyFile(files_.ca, SecretFileKind::kPublic),
          IdentifyFile(files_.certificate, SecretFileKind::kPublic),
          IdentifyFile(files_.key, SecretFileKind::kFile)};
}

absl::Status EtcdCredentials::ReadAgain() {
  const auto ca = ReadPem(files_.ca, SecretFileKind::kPublic);
  if (!ca.ok()) return ca.status();
  const auto certificate = ReadPem(files_.certificate, SecretFileKind::kPublic);
  if (!certificate.ok()) return certificate.status();
  const auto key = ReadPem(files_.key, SecretFileKind::kFile);
  if (!key.ok()) return key.status();
  if (!ca->empty() && !HoldsCertificate(*ca)) {
    return absl::FailedPreconditionError(
        absl::StrCat(files_.ca, ": holds no certificate in PEM form; is it the right file?"));
  }
  if (!files_.key.empty() && !IsKeyOf(*key, *certificate)) {
    return absl::FailedPreconditionError(
        absl::StrCat(files_.key, ": is not the key of the first certificate in ",
                     files_.certificate, "; replace both"));
  }
  current_ = grpc::SslCredentials(
      {.pem_root_certs = *ca, .pem_private_key = *key, .pem_cert_chain = *certificate});
  return absl::OkStatus();
}

}  // namespace behalf
