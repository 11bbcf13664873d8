// Who is at the other end of a unix socket, by what the kernel recorded when
// the connection was made.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "blueprint/catalog.h"

namespace behalf {

// The facts of one connection: they stay those of the process that connected,
// whatever becomes of it. `pid` is a hint for the record only (numbers are
// reused, descriptors are passed on); uid, gid and groups are the authority.
struct Caller {
  std::string socket;  // the name of the listener, as in the Daemon document
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t pid = 0;
  std::vector<gid_t> groups;  // the supplementary ones and `gid`; sorted, unique
};

// What selectors look at. Points into `caller`.
UnixPeer PeerOf(const Caller& caller);

// The ids that stand for accounts of other user namespaces, which have no
// number here.
struct OverflowIds {
  uid_t uid = 65534;
  gid_t gid = 65534;
};

// As /proc/sys/kernel/overflowuid and overflowgid say; their defaults where
// these cannot be read.
OverflowIds ReadOverflowIds();

// Asks the kernel who connected `fd`, an accepted AF_UNIX stream: SO_PEERCRED
// and SO_PEERGROUPS (socket(7), unix(7)). kCallerUnknown when it does not say,
// or when the uid is the overflow uid: that is nobody. The overflow gid is left
// out of `groups`, for the same reason. Thread-safe.
absl::StatusOr<Caller> AttestUnix(int fd, std::string socket_name, OverflowIds overflow = {});

}  // namespace behalf
