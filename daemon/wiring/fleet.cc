#include "daemon/wiring/fleet.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "daemon/crypto/random.h"
#include "daemon/store/etcd/etcd_credentials.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

constexpr std::string_view kSecure = "https://";
constexpr std::string_view kPlain = "http://";

void LogOf(const absl::Status& read) {
  if (read.ok()) return spdlog::info("certificates for etcd were replaced, and are in use");
  spdlog::warn("certificates for etcd have changed, and the old ones go on: {}", read.ToString());
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
  auto read = EtcdCredentials::Read(
      {.ca = etcd.ca_file, .certificate = etcd.certificate_file, .key = etcd.key_file}, LogOf);
  if (!read.ok()) return read.status();
  members.credentials = [credentials = std::shared_ptr<EtcdCredentials>(*std::move(read))] {
    return credentials->Current();
  };
  return members;
}

std::string NameOfThisReplica() {
  struct utsname host = {};
  ::uname(&host);
  return absl::StrCat(host.nodename, "-", ::getpid(), "-", absl::BytesToHexString(RandomBytes(4)));
}

}  // namespace behalf
