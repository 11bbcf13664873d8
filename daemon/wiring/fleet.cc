#include "daemon/wiring/fleet.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "daemon/crypto/random.h"
#include "daemon/crypto/secret_file.h"

namespace behalf {
namespace {

constexpr std::string_view kSecure = "https://";
constexpr std::string_view kPlain = "http://";

absl::StatusOr<std::string> ReadPem(const std::string& path, SecretFileKind kind) {
  if (path.empty()) return "";
  const auto read = ReadSecretFile(path, kind);
  if (!read.ok()) return read.status();
  return std::string(read->Reveal());
}

}  // namespace

absl::StatusOr<EtcdMembers> MembersOf(const EtcdStore& etcd) {
  EtcdMembers members;
  bool secure = false;
  for (const std::string& endpoint : etcd.endpoints) {
    const bool https = endpoint.starts_with(kSecure);
    secure = secure || https;
    members.addresses.push_back(endpoint.substr(https ? kSecure.size() : kPlain.size()));
  }
  if (!secure) return members;
  const auto ca = ReadPem(etcd.ca_file, SecretFileKind::kPublic);
  if (!ca.ok()) return ca.status();
  const auto certificate = ReadPem(etcd.certificate_file, SecretFileKind::kPublic);
  if (!certificate.ok()) return certificate.status();
  const auto key = ReadPem(etcd.key_file, SecretFileKind::kFile);
  if (!key.ok()) return key.status();
  members.credentials = grpc::SslCredentials(
      {.pem_root_certs = *ca, .pem_private_key = *key, .pem_cert_chain = *certificate});
  return members;
}

std::string NameOfThisReplica() {
  struct utsname host = {};
  ::uname(&host);
  return absl::StrCat(host.nodename, "-", ::getpid(), "-", absl::BytesToHexString(RandomBytes(4)));
}

}  // namespace behalf
