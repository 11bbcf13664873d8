// Which caller is behind a descriptor number that gRPC serves.
//
// gRPC names a connection that it was given by its descriptor ("fd:N"), owns
// the descriptor and closes it when it pleases, without telling. The table
// therefore holds no descriptor of its own and waits for no event: it
// remembers the socket's inode, and an entry is live if and only if fstat(N)
// still gives that inode. Dead entries lie about until their number is given
// out again or a cap makes the table look for them.
//
// Why an entry may be overwritten, and why Find(N) during a call is right:
// gRPC (1.51, and pinned by a test) keeps descriptor N open as long as a call
// on its transport lives, even when the client is long gone. So while a call
// that says "fd:N" can still ask, the kernel does not give N to anybody else,
// and the entry, set before gRPC saw the descriptor, is that call's. When the
// kernel does give N out again, no call is left that could mean the old
// connection.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "daemon/attest/caller.h"

namespace behalf {

// Thread-safe. Find is a look-up under a reader lock.
class PeerTable {
 public:
  // How many live connections there may be.
  struct Caps {
    int total = 1024;
    int per_user = 256;  // per uid
  };

  explicit PeerTable(Caps caps) : caps_(caps) {}

  PeerTable(const PeerTable&) = delete;
  PeerTable& operator=(const PeerTable&) = delete;

  // Records that `fd`, open and just accepted, is the caller's. Call it before
  // gRPC gets the descriptor. kOverloaded over a cap: nothing is recorded, and
  // the connection must be closed.
  absl::Status Admit(int fd, Caller caller) ABSL_LOCKS_EXCLUDED(mutex_);

  // The caller that was admitted last under this number; null when none was.
  // Meaningful only within a call that gRPC says came by it.
  std::shared_ptr<const Caller> Find(int fd) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Connections that are open now.
  int Count() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Connections that were closed although their client waited: over a cap, or
  // nobody, or without a descriptor for them. Counted by who accepts.
  void CountRefusal() { refused_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  struct Connection {
    std::shared_ptr<const Caller> caller;
    dev_t device;
    ino_t inode;
  };
  using Connections = absl::flat_hash_map<int, Connection>;

  static bool SameSocket(const Connection& a, const Connection& b);
  static bool IsLive(int fd, const Connection& connection);
  bool Record(int fd, const Connection& connection) ABSL_LOCKS_EXCLUDED(mutex_);
  void Sweep(uid_t uid) ABSL_LOCKS_EXCLUDED(mutex_);
  Connections Dead(uid_t uid) const ABSL_LOCKS_EXCLUDED(mutex_);
  bool Full() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  int OfUser(uid_t uid) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Forget(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Caps caps_;
  std::atomic<std::uint64_t> refused_ = 0;
  mutable absl::Mutex mutex_;
  Connections connections_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<uid_t, int> per_user_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
