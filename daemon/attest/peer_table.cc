#include "daemon/attest/peer_table.h"

#include <utility>

#include "daemon/base/error.h"

namespace behalf {

bool PeerTable::SameSocket(const Connection& a, const Connection& b) {
  return a.device == b.device && a.inode == b.inode;
}

bool PeerTable::IsLive(int fd, const Connection& connection) {
  struct stat now{};
  return fstat(fd, &now) == 0 && now.st_dev == connection.device && now.st_ino == connection.inode;
}

absl::Status PeerTable::Admit(int fd, Caller caller) {
  struct stat identity{};
  if (fstat(fd, &identity) != 0) {
    return MakeError(Reason::kCallerUnknown, "the connection's descriptor is not open");
  }
  const uid_t uid = caller.uid;
  const Connection connection{.caller = std::make_shared<const Caller>(std::move(caller)),
                              .device = identity.st_dev,
                              .inode = identity.st_ino};
  if (Record(fd, connection)) return absl::OkStatus();
  Sweep(uid);
  if (Record(fd, connection)) return absl::OkStatus();
  return MakeError(Reason::kOverloaded, "too many connections, in all or of this user");
}

std::shared_ptr<const Caller> PeerTable::Find(int fd) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = connections_.find(fd);
  return it == connections_.end() ? nullptr : it->second.caller;
}

int PeerTable::Count() const {
  absl::ReaderMutexLock lock(&mutex_);
  int live = 0;
  for (const auto& [fd, connection] : connections_) live += IsLive(fd, connection) ? 1 : 0;
  return live;
}

bool PeerTable::Record(int fd, const Connection& connection) {
  absl::MutexLock lock(&mutex_);
  Forget(fd);
  const uid_t uid = connection.caller->uid;
  if (Full() || OfUser(uid) >= caps_.per_user) return false;
  ++per_user_[uid];
  connections_.emplace(fd, connection);
  return true;
}

bool PeerTable::Full() const { return static_cast<int>(connections_.size()) >= caps_.total; }

int PeerTable::OfUser(uid_t uid) const {
  const auto it = per_user_.find(uid);
  return it == per_user_.end() ? 0 : it->second;
}

// The kernel is asked under the reader lock only, so that a user who keeps
// knocking at a cap does not hold up everybody's look-ups.
void PeerTable::Sweep(uid_t uid) {
  const Connections dead = Dead(uid);
  absl::MutexLock lock(&mutex_);
  for (const auto& [fd, connection] : dead) {
    const auto it = connections_.find(fd);
    if (it != connections_.end() && SameSocket(it->second, connection)) Forget(fd);
  }
}

PeerTable::Connections PeerTable::Dead(uid_t uid) const {
  absl::ReaderMutexLock lock(&mutex_);
  const bool everybodys = Full();
  Connections dead;
  for (const auto& [fd, connection] : connections_) {
    if (!everybodys && connection.caller->uid != uid) continue;
    if (!IsLive(fd, connection)) dead.emplace(fd, connection);
  }
  return dead;
}

void PeerTable::Forget(int fd) {
  const auto it = connections_.find(fd);
  if (it == connections_.end()) return;
  const auto of_user = per_user_.find(it->second.caller->uid);
  if (--of_user->second == 0) per_user_.erase(of_user);
  connections_.erase(it);
}

}  // namespace behalf
