#include "daemon/attest/caller.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

absl::Status Unknown(const char* option) {
  const int error = errno;
  return MakeError(Reason::kCallerUnknown, absl::StrCat("the kernel does not say who connected (",
                                                        option, ": ", std::strerror(error), ")"));
}

absl::StatusOr<std::vector<gid_t>> PeerGroups(int fd) {
  std::vector<gid_t> groups(32);
  while (true) {
    socklen_t bytes = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    const int result = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes);
    const std::size_t count = bytes / sizeof(gid_t);
    if (result == 0) {
      groups.resize(count);
      return groups;
    }
    if (errno != ERANGE || count <= groups.size()) return Unknown("SO_PEERGROUPS");
    groups.resize(count);
  }
}

template <typename Id>
Id ReadId(const char* path, Id otherwise) {
  std::ifstream file(path);
  Id id{};
  return file >> id ? id : otherwise;
}

}  // namespace

UnixPeer PeerOf(const Caller& caller) {
  return UnixPeer{.socket = caller.socket, .uid = caller.uid, .groups = caller.groups};
}

OverflowIds ReadOverflowIds() {
  const OverflowIds defaults;
  return OverflowIds{.uid = ReadId("/proc/sys/kernel/overflowuid", defaults.uid),
                     .gid = ReadId("/proc/sys/kernel/overflowgid", defaults.gid)};
}

absl::StatusOr<Caller> AttestUnix(int fd, std::string socket_name, OverflowIds overflow) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return Unknown("SO_PEERCRED");
  if (peer.uid == overflow.uid || peer.uid == static_cast<uid_t>(-1)) {
    return MakeError(Reason::kCallerUnknown,
                     "the process that connected has no account in the daemon's user namespace");
  }
  auto groups = PeerGroups(fd);
  if (!groups.ok()) return groups.status();
  groups->push_back(peer.gid);
  std::erase(*groups, overflow.gid);
  std::sort(groups->begin(), groups->end());
  groups->erase(std::unique(groups->begin(), groups->end()), groups->end());
  return Caller{.socket = std::move(socket_name),
                .uid = peer.uid,
                .gid = peer.gid,
                .pid = peer.pid,
                .groups = *std::move(groups)};
}

}  // namespace behalf
